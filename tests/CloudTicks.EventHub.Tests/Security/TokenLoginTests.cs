using System.Text;
using System.Text.Json;
using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Settings;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventHub.Tests.Security;

/// <summary>Token logins (SASL OAUTHBEARER) at the level of the protocol.</summary>
public sealed class TokenLoginTests : IAsyncLifetime
{
    private const string Refusal = """{"status":"invalid_token"}""";

    private static readonly Dictionary<string, string> WrongTokens = new()
    {
        { "expired", "it has expired" },
        { "no expiry", "it has expired, or has no expiry" },
        { "expiry as text", "it has expired, or has no expiry" },
        { "too early", "it is not valid yet, or its nbf is not a time" },
        { "wrong audience", "its audience does not include EventHub__TokenAudience" },
        { "other audiences", "its audience does not include EventHub__TokenAudience" },
        { "no audience", "its audience does not include EventHub__TokenAudience" },
        { "wrong issuer", "its issuer differs from EventHub__TokenIssuer" },
        { "no issuer", "its issuer differs from EventHub__TokenIssuer" },
        { "signature of another key", "its signature is wrong" },
        { "changed claims", "its signature is wrong" },
        { "no signature", "it is not a JSON web token" },
        { "alg none", "its algorithm is not RS256, RS384 or RS512" },
        { "alg none with a signature", "its algorithm is not RS256, RS384 or RS512" },
        { "shared secret", "its algorithm is not RS256, RS384 or RS512" },
        { "critical extension", "it has critical extensions" },
        { "unknown key", "it is signed by a key that the issuer does not publish" },
        { "no name", "its claim sub is not a name" },
        { "name with a new line", "its claim sub is not a name" },
        { "claim twice", "it is not a JSON web token" },
        { "half a surrogate pair", "its issuer differs from EventHub__TokenIssuer" },
        { "no object", "it is not a JSON web token" },
        { "empty", "it is not a JSON web token" },
        { "authorization id of another user", "its authorization id differs from the token's name" },
        { "too large", "the message is not OAUTHBEARER" },
        { "two tokens", "the message is not OAUTHBEARER" },
        { "password", "the message is not OAUTHBEARER" },
        { "bytes", "the message is not OAUTHBEARER" },
    };

    /// <summary>A long login timeout, which is in real time: a test may be slow between its connection and its token.</summary>
    private static readonly string[] PatientLogin = ["--EventHub:LoginTimeout", "00:05:00"];

    private readonly TestClock _clock = new();
    private TokenIssuer _issuer = null!;
    private RunningHub _hub = null!;

    public async ValueTask InitializeAsync()
    {
        while (true)
        {
            _issuer = await TokenIssuer.StartAsync();
            _hub = await RunningHub.StartAtAsync(_clock, [.. _issuer.Options, .. PatientLogin]);
            if (HasKeys(_hub))
            {
                return;
            }

            await _hub.DisposeAsync();
            await _issuer.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _issuer.DisposeAsync();
        _hub.Log.Lines.ShouldNotContain(line => line.Contains("canary", StringComparison.Ordinal));
        _hub.Log.Lines.ShouldNotContain(line => line.Contains("eyJ", StringComparison.Ordinal), "every token begins with this");
        _hub.Log.Lines.ShouldNotContain(line => line.Contains("internal error", StringComparison.Ordinal));
    }

    [Theory(Timeout = 240_000)]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    public async Task Signed_token_is_accepted_for_its_lifetime(string algorithm)
    {
        using var client = await WireClient.ConnectAsync(_hub.Address);
        (await client.HandshakeAsync(mechanism: "OAUTHBEARER")).ShouldSatisfyAllConditions(
            response => response.Error.ShouldBe(ErrorCode.None), response => response.Mechanisms.ShouldBe(["OAUTHBEARER"]));
        var token = _issuer.Token(algorithm, _issuer.KeyId, JsonSerializer.Serialize(TokenIssuer.Claims(ValidTimeClaims)));

        var (error, _, challenge, lifetime) = await client.SendTokenAsync(SaslCalls.Bearer(token));

        (error, challenge).ShouldBe((ErrorCode.None, ""));
        lifetime.ShouldBeInRange(1, 600_000);
        (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
    }

    [Theory(Timeout = 240_000)]
    [InlineData("n,a=collector-identity,", "hub.test")]
    [InlineData("n,,", "other", "hub.test")]
    public async Task Standard_token_variants_are_accepted(string header, params string[] audience)
    {
        using var client = await ConnectAsync();
        var token = Token(("aud", audience.Length == 1 ? audience[0] : audience));
        (await client.SendTokenAsync(SaslCalls.Bearer(token, header))).Error.ShouldBe(ErrorCode.None);
        (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
    }

    /// <summary>The tokens are sent in parallel, because each refusal takes a second.</summary>
    [Fact(Timeout = 240_000)]
    public Task Invalid_tokens_are_refused_as_in_kafka() => Task.WhenAll(WrongTokens.Select(async wrong =>
    {
        using var client = await ConnectAsync();

        var (error, message, challenge, lifetime) = await client.SendTokenAsync(await CreateWrongMessageAsync(wrong.Key));
        (error, message, challenge, lifetime).ShouldBe((ErrorCode.None, null, Refusal, 0), wrong.Key);
        (error, message, challenge, _) = await client.SendTokenAsync([1]);
        (error, message, challenge).ShouldBe((ErrorCode.SaslAuthenticationFailed, Refusal, ""), wrong.Key);

        (await client.ReceiveAsync()).ShouldBeNull(wrong.Key);
        _hub.Log.Lines.Count(line => line.Contains($"could not log in: its token was refused: {wrong.Value}", StringComparison.Ordinal))
            .ShouldBeGreaterThanOrEqualTo(1, wrong.Key);
    }));

    [Fact(Timeout = 240_000)]
    public async Task Refused_client_that_continues_is_disconnected()
    {
        using var client = await ConnectAsync();
        (await client.SendTokenAsync(SaslCalls.Bearer("canary"))).Challenge.ShouldBe(Refusal);
        await client.SendAsync(ApiKey.Metadata, 4, static w => w.WriteInt32(-1));
        (await client.ReceiveAsync()).ShouldBeNull();
    }

    [Fact(Timeout = 240_000)]
    public async Task Rotated_keys_are_read_again_at_limited_rate()
    {
        await LogInAsync();
        _issuer.KeyRequests.ShouldBe(1);
        var withdrawnToken = Token();
        _issuer.Rotate();
        for (var i = 0; i < 3; i++)
        {
            using var stranger = await ConnectAsync();
            (await stranger.SendTokenAsync(SaslCalls.Bearer(_issuer.Token("RS256", "made-up", "{\"iss\":\"https://issuer.test/\"}"))))
                .Challenge.ShouldBe(Refusal);
        }

        _issuer.KeyRequests.ShouldBe(1);
        _clock.Advance(TokenKeys.MinInterval);
        await LogInAsync();
        _issuer.KeyRequests.ShouldBe(2);

        using var lateClient = await ConnectAsync();
        (await lateClient.SendTokenAsync(SaslCalls.Bearer(withdrawnToken))).Challenge.ShouldBe(Refusal);
    }

    [Fact(Timeout = 240_000)]
    public async Task Withdrawn_key_is_dropped_after_an_hour()
    {
        var withdrawnToken = Token(("exp", _clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds()));
        _issuer.Rotate();
        _clock.Advance(TimeSpan.FromHours(1));
        using var client = await ConnectAsync();
        (await client.SendTokenAsync(SaslCalls.Bearer(withdrawnToken))).Challenge.ShouldBe(Refusal);
    }

    [Fact(Timeout = 240_000)]
    public async Task Login_expires_with_token_and_new_token_renews_it()
    {
        using var client = await LogInAsync();
        _clock.Advance(TimeSpan.FromMinutes(9));
        await RenewAsync(client);
        _clock.Advance(TimeSpan.FromMinutes(9));
        (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
        (await client.ProduceAsync("ticks", 0, Batches.Of("a"))).ShouldBe((ErrorCode.None, 0L));

        _clock.Advance(TimeSpan.FromMinutes(2));
        await RenewAsync(client); // after the expiry, but before another request
        (await client.ProduceAsync("ticks", 0, Batches.Of("b"))).ShouldBe((ErrorCode.None, 1L));

        _clock.Advance(TimeSpan.FromMinutes(11));
        await client.SendAsync(ApiKey.Metadata, 4, static w => w.WriteInt32(-1));
        (await client.ReceiveAsync()).ShouldBeNull();
        _hub.Log.Lines.ShouldContain(line => line.Contains("its token expired", StringComparison.Ordinal));
    }

    [Theory(Timeout = 240_000)]
    [InlineData("sub", "another-identity", "its name differs from the name of the connection's first login")]
    [InlineData("aud", "another hub", "its audience does not include EventHub__TokenAudience")]
    public async Task Renewal_with_invalid_token_closes_connection(string claim, string value, string reason)
    {
        using var client = await LogInAsync();
        (await client.HandshakeAsync(mechanism: "OAUTHBEARER")).Error.ShouldBe(ErrorCode.None);
        (await client.SendTokenAsync(SaslCalls.Bearer(Token((claim, value))))).Challenge.ShouldBe(Refusal);
        (await client.SendTokenAsync([1])).Error.ShouldBe(ErrorCode.SaslAuthenticationFailed);
        (await client.ReceiveAsync()).ShouldBeNull();
        _hub.Log.Lines.ShouldContain(line => line.Contains(reason, StringComparison.Ordinal));
    }

    [Fact(Timeout = 240_000)]
    public async Task Idle_connection_is_closed_when_token_expires()
    {
        using var client = await ConnectAsync();
        var token = Token(("exp", _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0 + 0.2));
        (await client.SendTokenAsync(SaslCalls.Bearer(token))).LifetimeMs.ShouldBeInRange(1, 200);
        (await client.ReceiveAsync()).ShouldBeNull();
    }

    [Fact(Timeout = 240_000)]
    public async Task Clock_skew_is_tolerated()
    {
        await using var tolerantHub = await StartOnSystemTimeAsync([.. _issuer.Options[..^1], "00:02:00"]);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        foreach (var (ends, begins, opens) in new[] { (-60, -600, true), (600, 60, true), (-180, -600, false), (600, 180, false) })
        {
            using var client = await ConnectAsync(tolerantHub);
            var response = await client.SendTokenAsync(SaslCalls.Bearer(_issuer.Token(("exp", now + ends), ("nbf", now + begins))));
            (response.LifetimeMs > 0).ShouldBe(opens, $"{ends} {begins}");
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task Password_and_token_logins_can_both_be_configured()
    {
        using var users = new TestUsers();
        await using var hubWithBothLogins = await StartOnSystemTimeAsync([.. users.Options, .. _issuer.Options]);
        using var client = await WireClient.ConnectAsync(hubWithBothLogins.Address);
        (await client.HandshakeAsync()).Mechanisms.ShouldBe(["PLAIN", "OAUTHBEARER"]);
        (await client.AuthenticateAsync(SaslCalls.Token(TestUsers.Name, TestUsers.Password))).Error.ShouldBe(ErrorCode.None);
        (await client.HandshakeAsync(mechanism: "OAUTHBEARER")).Error.ShouldBe(ErrorCode.IllegalSaslState);
        using var other = await ConnectAsync(hubWithBothLogins);
        (await other.SendTokenAsync(SaslCalls.Bearer(_issuer.Token()))).Error.ShouldBe(ErrorCode.None);
        (await other.HandshakeAsync()).Error.ShouldBe(ErrorCode.UnsupportedSaslMechanism, "a token login must be renewed with a token");
    }

    [Fact(Timeout = 240_000)]
    public async Task Keys_can_be_in_a_file()
    {
        var path = Path.Combine(_hub.DataFolder, "..", "keys.json");
        await File.WriteAllTextAsync(path, _issuer.KeySet(), TestContext.Current.CancellationToken);
        await using var hubWithKeyFile = await StartOnSystemTimeAsync([.. _issuer.Options, "--EventHub:TokenKeys", path]);
        using var client = await ConnectAsync(hubWithKeyFile);
        (await client.SendTokenAsync(SaslCalls.Bearer(_issuer.Token()))).LifetimeMs.ShouldBeGreaterThan(0);
    }

    [Fact(Timeout = 240_000)]
    public async Task Unreachable_issuer_is_retried()
    {
        _issuer.IsUnreachable = true;
        await using var hub = await RunningHub.StartAtAsync(_clock, [.. _issuer.Options, .. PatientLogin]);
        hub.Log.Lines.ShouldContain(line => line.Contains("the token issuer's keys cannot be read", StringComparison.Ordinal));
        using var refused = await ConnectAsync(hub);
        (await refused.SendTokenAsync(SaslCalls.Bearer(Token()))).Challenge.ShouldBe(Refusal);

        _issuer.IsUnreachable = false;
        _clock.Advance(TokenKeys.MinInterval);
        using var client = await ConnectAsync(hub);
        (await client.SendTokenAsync(SaslCalls.Bearer(Token()))).LifetimeMs.ShouldBeGreaterThan(0);
        hub.Log.Lines.ShouldContain(line => line.Contains("can be read from", StringComparison.Ordinal));
    }

    [Fact(Timeout = 240_000)]
    public async Task Mutated_bytes_never_log_in_under_another_name()
    {
        var random = new Random(1);
        var keys = Encoding.UTF8.GetBytes(_issuer.KeySet());
        var path = Path.Combine(_hub.DataFolder, "..", "keys.json");
        await File.WriteAllBytesAsync(path, keys, TestContext.Current.CancellationToken);
        using var source = new KeySource(path);
        using var tokenKeys = new TokenKeys(source, _clock, NullLogger.Instance);
        await tokenKeys.StartAsync(TestContext.Current.CancellationToken);
        var options = new EventHubOptions { TokenIssuer = TokenIssuer.Issuer, TokenAudience = TokenIssuer.Audience };
        var verifier = new TokenVerifier(options, tokenKeys, _clock);
        var good = SaslCalls.Bearer(Token());
        for (var i = 0; i < 5000; i++)
        {
            var (bytes, set) = (Mutate(good, random), Mutate(keys, random));
            _ = KeySet.TryParse(set, 0)?.Find(null);
            if (BearerMessage.TryParse(bytes, out var message))
            {
                var (login, _) = await verifier.VerifyAsync(message, TestContext.Current.CancellationToken);
                login?.Name.ShouldBe(TokenIssuer.Name, "a changed token must be refused");
            }
        }
    }

    [Theory(Timeout = 240_000)]
    [InlineData("need all of")]
    [InlineData("must be an https address", "--EventHub:TokenAudience", "a", "--EventHub:TokenKeys", "http://issuer.test/")]
    [InlineData("must be an https address", "--EventHub:TokenAudience", "a", "--EventHub:TokenKeys", "ftp://127.0.0.1/")]
    [InlineData("cannot be read", "--EventHub:TokenAudience", "a", "--EventHub:TokenKeys", "/no/such/file")]
    public async Task Invalid_token_setting_is_refused_with_an_error_message(string sentence, params string[] arguments)
    {
        var refused = await Should.ThrowAsync<HubStartException>(
            () => RunningHub.StartAsync(null, null, ["--EventHub:TokenIssuer", TokenIssuer.Issuer, .. arguments]));
        refused.Message.ShouldContain(sentence);
        refused.Message.ShouldNotContain("\n");
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var changed = bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)];
        for (var i = random.Next(4); i >= 0; i--)
        {
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
        }

        return random.Next(4) > 0 ? [.. changed, .. bytes[changed.Length..]] : changed;
    }

    /// <summary>Starts an event hub with the system's clock. Starts another one if the issuer sent its keys too late.</summary>
    private static async Task<RunningHub> StartOnSystemTimeAsync(string[] arguments)
    {
        while (true)
        {
            var hub = await RunningHub.StartAsync(null, null, [.. arguments, .. PatientLogin]);
            if (HasKeys(hub))
            {
                return hub;
            }

            await hub.DisposeAsync();
        }
    }

    private async Task<WireClient> ConnectAsync(RunningHub? hub = null)
    {
        var client = await WireClient.ConnectAsync((hub ?? _hub).Address);
        (await client.HandshakeAsync(mechanism: "OAUTHBEARER")).Error.ShouldBe(ErrorCode.None);
        return client;
    }

    /// <summary>The time claims of a token that expires ten minutes after the current time of the event hub's clock.</summary>
    private (string, object?)[] ValidTimeClaims =>
        [("nbf", _clock.GetUtcNow().ToUnixTimeSeconds() - 5), ("exp", _clock.GetUtcNow().ToUnixTimeSeconds() + 600)];

    /// <summary>A token that is valid by the event hub's clock, with changed claims.</summary>
    private string Token(params (string Name, object? Value)[] changes) => _issuer.Token([.. ValidTimeClaims, .. changes]);

    /// <summary>False if the issuer responded too late for the start of the event hub, as on a busy machine.</summary>
    private static bool HasKeys(RunningHub hub) =>
        !hub.Log.Lines.Any(line => line.Contains("the token issuer's keys cannot be read", StringComparison.Ordinal));

    private async Task<WireClient> LogInAsync()
    {
        var client = await ConnectAsync();
        (await client.SendTokenAsync(SaslCalls.Bearer(Token()))).LifetimeMs.ShouldBeGreaterThan(0);
        return client;
    }

    private async Task RenewAsync(WireClient client)
    {
        (await client.HandshakeAsync(mechanism: "OAUTHBEARER")).Error.ShouldBe(ErrorCode.None);
        (await client.SendTokenAsync(SaslCalls.Bearer(Token()))).LifetimeMs.ShouldBeInRange(1, 600_000);
    }

    private async Task<byte[]> CreateWrongMessageAsync(string kind)
    {
        var good = Token();
        var parts = good.Split('.');
        var claims = JsonSerializer.Serialize(TokenIssuer.Claims(ValidTimeClaims));
        return kind switch
        {
            "expired" => SaslCalls.Bearer(Token(("exp", _clock.GetUtcNow().ToUnixTimeSeconds() - 1))),
            "no expiry" => SaslCalls.Bearer(Token(("exp", null))),
            "expiry as text" => SaslCalls.Bearer(Token(("exp", "9999999999"))),
            "too early" => SaslCalls.Bearer(Token(("nbf", _clock.GetUtcNow().ToUnixTimeSeconds() + 60))),
            "wrong audience" => SaslCalls.Bearer(Token(("aud", "canary"))),
            "other audiences" => SaslCalls.Bearer(Token(("aud", new object[] { "canary", 1 }))),
            "no audience" => SaslCalls.Bearer(Token(("aud", null))),
            "wrong issuer" => SaslCalls.Bearer(Token(("iss", "https://canary/"))),
            "no issuer" => SaslCalls.Bearer(Token(("iss", null))),
            "signature of another key" => SaslCalls.Bearer(await OtherIssuersTokenAsync()),
            "changed claims" => SaslCalls.Bearer($"{parts[0]}.{Token(("sub", "canary")).Split('.')[1]}.{parts[2]}"),
            "no signature" => SaslCalls.Bearer($"{parts[0]}.{parts[1]}."),
            "alg none" => SaslCalls.Bearer(_issuer.Token("none", _issuer.KeyId, claims) + "AA"),
            "alg none with a signature" => SaslCalls.Bearer($"{_issuer.Token("none", _issuer.KeyId, claims).TrimEnd('.')}.{parts[2]}"),
            "shared secret" => SaslCalls.Bearer(_issuer.Token("HS256", _issuer.KeyId, claims)),
            "critical extension" => SaslCalls.Bearer(_issuer.Token("RS256", _issuer.KeyId, claims, ",\"crit\":[\"exp\"]")),
            "unknown key" => SaslCalls.Bearer(_issuer.Token("RS256", "canary", claims)),
            "no name" => SaslCalls.Bearer(Token(("sub", null))),
            "name with a new line" => SaslCalls.Bearer(Token(("sub", "canary\nInformation: all is well"))),
            "claim twice" => SaslCalls.Bearer(_issuer.Token("RS256", _issuer.KeyId, claims.Replace("{", "{\"aud\":\"canary\","))),
            "half a surrogate pair" => SaslCalls.Bearer(_issuer.Token("RS256", _issuer.KeyId, """{"iss":"\ud800"}""")),
            "no object" => SaslCalls.Bearer(_issuer.Token("RS256", _issuer.KeyId, "[1]")),
            "empty" => SaslCalls.Bearer(""),
            "authorization id of another user" => SaslCalls.Bearer(good, "n,a=canary,"),
            "too large" => SaslCalls.Bearer(Token(("more", new string('a', 16 * 1024)))),
            "two tokens" => Encoding.UTF8.GetBytes($"n,,\u0001auth=Bearer {good}\u0001auth=Bearer {good}\u0001\u0001"),
            "password" => SaslCalls.Token(TestUsers.Name, TestUsers.Password),
            _ => [0xff, 0xfe, 1, 1],
        };
    }

    private async Task<string> OtherIssuersTokenAsync()
    {
        await using var other = await TokenIssuer.StartAsync();
        return other.Token(ValidTimeClaims);
    }
}
