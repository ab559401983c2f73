# `mix decant deploy` for those whose hands know mix: goes into mix.exs, with `aliases: aliases()` in `project`.

  defp aliases do
    [decant: &decant/1]
  end

  defp decant(words) do
    program = System.find_executable("decant") || Mix.raise("There is no decant in your PATH.")
    {_, status} = System.cmd(program, words, into: IO.stream(:stdio, :line))
    if status != 0, do: exit({:shutdown, status})
  end
