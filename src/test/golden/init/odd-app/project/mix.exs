[app: :Shop]
