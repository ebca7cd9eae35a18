"""The register 客户登记本: who registered whom when, and whose registration holds (一.3, 一.4)."""
