"""Who owns whom 客户资源分配: giving, taking back, handing over, and the history of it."""
