[app: :shop, releases: [web: [steps: [:assemble, :tar]], worker: []]]
