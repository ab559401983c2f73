rootProject.name = "Ledger2"
