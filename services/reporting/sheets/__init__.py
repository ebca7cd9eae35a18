"""客户跟进记录统计表: the follow-up sheet between two dates, on screen and as .xlsx."""
