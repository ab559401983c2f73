use Distillery.Releases.Config,
  default_release: :shop
