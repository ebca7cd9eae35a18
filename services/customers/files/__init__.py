"""The customer file 客户资料: code, name, phone, type, grade, and whose customer it is."""
