window.YTD.tweets.part0 = [
  {
    "tweet" : {
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.example.org\" rel=\"nofollow\">An app</a>",
      "entities" : {
        "hashtags" : [ { "text" : "Dara", "indices" : [ "53", "58" ] } ],
        "urls" : [ { "url" : "https://t.co/aB1", "expanded_url" : "https://wire.example.org/convoy", "display_url" : "wire.example.org/convoy", "indices" : [ "59", "75" ] } ]
      },
      "id_str" : "957300000000000001",
      "id" : "957300000000000001",
      "created_at" : "Sat Jan 27 10:00:00 +0000 2018",
      "full_text" : "Flour &amp; medicine reached the town today. #Dara https://t.co/aB1",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "source" : "<a href=\"https://mobile.example.org\" rel=\"nofollow\">An app</a>",
      "id_str" : "957300000000000002",
      "id" : "957300000000000002",
      "created_at" : "Sun Jan 28 23:30:00 +0000 2018",
      "full_text" : "وصلت القافلة الثانية إلى البلدة مساء اليوم",
      "lang" : "ar"
    }
  }
]
