[apps_path: "apps", releases: [shop: [applications: [shop: :permanent]]]]
