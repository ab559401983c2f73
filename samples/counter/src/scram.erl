%% PostgreSQL's default login, SCRAM-SHA-256 (RFC 5802, RFC 7677).
%%
%% For it p1_pgsql calls the module scram of the XMPP library that ejabberd uses.
%% These few functions take its place, which keeps that library and the native
%% code it needs out of the release.
%%
%% Passwords are used as they are, without SASLprep. For ASCII that is the same.
-module(scram).

-export([
    salted_password/4,
    client_key/2,
    stored_key/2,
    client_signature/3,
    server_key/2,
    server_signature/3
]).

salted_password(Hash, Password, Salt, Iterations) ->
    #{size := Size} = crypto:hash_info(Hash),
    crypto:pbkdf2_hmac(Hash, Password, Salt, Iterations, Size).

client_key(Hash, SaltedPassword) ->
    crypto:mac(hmac, Hash, SaltedPassword, <<"Client Key">>).

stored_key(Hash, ClientKey) ->
    crypto:hash(Hash, ClientKey).

client_signature(Hash, StoredKey, AuthMessage) ->
    crypto:mac(hmac, Hash, StoredKey, AuthMessage).

server_key(Hash, SaltedPassword) ->
    crypto:mac(hmac, Hash, SaltedPassword, <<"Server Key">>).

server_signature(Hash, ServerKey, AuthMessage) ->
    crypto:mac(hmac, Hash, ServerKey, AuthMessage).
