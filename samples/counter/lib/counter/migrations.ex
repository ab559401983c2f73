defmodule Counter.Migrations do
  @moduledoc """
  The database migrations, oldest first, as `{version, name, sql}`.

  While a deployment runs, the old release is still serving: a migration must
  leave the database usable by both. Add here, and never edit what was released.
  """

  def all do
    [
      {1, "create_visits",
       """
       CREATE TABLE visits (
         id bigserial PRIMARY KEY,
         visited_at timestamptz NOT NULL DEFAULT now()
       )
       """}
    ]
  end
end
