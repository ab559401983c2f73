defmodule Counter.PostgresTest do
  use ExUnit.Case, async: true

  alias Counter.Postgres

  test "reads URLs" do
    assert Postgres.parse_url("postgres://me:p%40ss:word@db.example:6432/counter") ==
             {:ok,
              host: ~c"db.example",
              port: 6432,
              user: "me",
              password: "p@ss:word",
              database: "counter"}

    assert {:ok, options} = Postgres.parse_url("postgresql://me@[::1]/counter")
    assert options[:host] == ~c"::1"
    assert options[:port] == 5432
    assert options[:password] == ""
  end

  test "refuses other URLs without repeating them" do
    for url <- [
          "",
          "hush",
          "mysql://me:hush@db/counter",
          "postgres://me:hush@db",
          "postgres://me:hush@db/",
          "postgres://db/counter",
          "postgres://me:hu sh@db/counter"
        ] do
      assert {:error, message} = Postgres.parse_url(url)
      refute message =~ "hush"
      refute message =~ "hu sh"
    end
  end

  # The example of RFC 7677.
  test "computes SCRAM-SHA-256 proofs" do
    salt = Base.decode64!("W22ZaJ0SNY7soEsUEjb6gQ==")
    nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"

    auth_message =
      "n=user,r=rOprNGfwEbeRWgbNEkqO," <>
        "r=#{nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=#{nonce}"

    salted = :scram.salted_password(:sha256, "pencil", salt, 4096)
    client_key = :scram.client_key(:sha256, salted)
    stored_key = :scram.stored_key(:sha256, client_key)
    signature = :scram.client_signature(:sha256, stored_key, auth_message)
    proof = :crypto.exor(client_key, signature)
    assert Base.encode64(proof) == "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="

    server_key = :scram.server_key(:sha256, salted)
    verifier = :scram.server_signature(:sha256, server_key, auth_message)
    assert Base.encode64(verifier) == "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
  end
end
