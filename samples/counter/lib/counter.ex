defmodule Counter do
  @moduledoc """
  A small web app that counts visits.

  It has what a deployment has to take care of, and nothing else: settings read
  at boot, a secret, a health check, a database with migrations, and requests
  that deserve to finish before the VM stops.
  """

  @doc "The version this code was built as."
  def version do
    :counter |> Application.spec(:vsn) |> to_string()
  end

  @doc """
  The name of the directory the release runs from, for example `20240102-030405`.

  `bin/counter` resolves symbolic links, so behind a `current` link this is the
  release it points to. Outside a release (`mix run`) it is `"none"`.
  """
  def release_id do
    case System.get_env("RELEASE_ROOT") do
      nil -> "none"
      root -> Path.basename(root)
    end
  end

  @doc "The name of the machine."
  def hostname do
    {:ok, name} = :inet.gethostname()
    to_string(name)
  end

  @doc "Tells which secret is live without giving it away."
  def secret_digest do
    :sha256
    |> :crypto.hash(setting(:secret))
    |> Base.encode16(case: :lower)
    |> binary_part(0, 8)
  end

  @doc "A setting from `config/runtime.exs`."
  def setting(name), do: Application.fetch_env!(:counter, name)
end
