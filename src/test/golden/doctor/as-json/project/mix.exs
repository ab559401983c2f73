defmodule Shop.MixProject do
  def project, do: [app: :shop, releases: [shop: [steps: [:assemble, :tar]]]]
  def application, do: [extra_applications: [:logger, :os_mon]]
end
