using System.Net;
using CloudTicks.CentralHub.Access;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests.Access;

public class GateTests(PostgresFixture postgres)
{
    private const string Loopback = "http://127.0.0.1:0";

    [Theory]
    [InlineData(Loopback, HttpStatusCode.OK)]
    [InlineData("http://127.0.0.1:0;http://[::1]:0", HttpStatusCode.OK)]
    [InlineData(AccessApp.AllAddresses, HttpStatusCode.Unauthorized)]
    [InlineData("http://[::]:0", HttpStatusCode.Unauthorized)]
    [InlineData("http://127.0.0.1:0;http://0.0.0.0:0", HttpStatusCode.Unauthorized)]
    public async Task Any_address_beyond_loopback_requires_a_key(
        string urls, HttpStatusCode expected)
    {
        await using var app = await AccessApp.StartAsync(postgres, urls);

        var response = await app.SendAsync("GET", "/api/v1/keys/self");

        response.Status.ShouldBe(expected);
        (response.Authenticate.Length > 0).ShouldBe(expected == HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "evil.example:7000")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Page_of_another_origin_or_name_is_refused_on_loopback(string header, string value)
    {
        await using var app = await AccessApp.StartAsync(postgres, Loopback);

        (await app.SendAsync("GET", "/api/v1/keys/self", headers: (header, value))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await app.SendAsync("POST", "/api/v1/keys", """{"name":"evil","role":"writer"}""", headers: (header, value))).Status.ShouldBe(
            HttpStatusCode.Forbidden);
        (await app.SendAsync("GET", "/api/v1/keys")).Body.GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Foreign_page_is_refused_even_with_a_key()
    {
        await using var app = await AccessApp.StartAsync(postgres, Loopback);
        var (_, key) = await app.CreateKeyAsync("research", "reader");

        (await app.SendAsync("GET", "/api/v1/keys/self", key: key, headers: ("Origin", "http://evil.example"))).Status.ShouldBe(
            HttpStatusCode.Forbidden);
        (await app.SendAsync("GET", "/api/v1/keys/self", key: key, headers: [("Host", "hub.example"), ("X-Forwarded-For", "203.0.113.7")]))
            .Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Reader_and_writer_keys_have_their_rights_and_names()
    {
        await using var app = await AccessApp.StartAsync(postgres, AccessApp.AllAddresses);
        var (_, writer) = await app.InsertKeyAsync("boss", "writer");

        var (id, reader) = await app.CreateKeyAsync("research", "reader", writer);

        var self = await app.SendAsync("GET", "/api/v1/keys/self", key: reader);
        (self.Body.GetProperty("name").GetString(), self.Body.GetProperty("role").GetString()).ShouldBe(("research", "reader"));
        (await app.SendAsync("POST", "/api/v1/keys", """{"name":"mine","role":"writer"}""", reader)).Status.ShouldBe(
            HttpStatusCode.Forbidden);
        (await app.SendAsync("DELETE", $"/api/v1/keys/{id}", key: reader)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await app.SendAsync("POST", "/command", "{}", reader)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await app.SendAsync("POST", "/command", "{}", writer)).Status.ShouldBe(HttpStatusCode.OK);
        var audit = await app.SendAsync("GET", "/api/v1/audit?limit=1", key: reader);
        audit.Body[0].GetProperty("author").GetString().ShouldBe("boss");
        audit.Body[0].GetProperty("subject").GetString().ShouldBe($"key {id}");
    }

    [Fact]
    public async Task Revoked_key_is_refused_even_where_no_key_is_required()
    {
        await using var app = await AccessApp.StartAsync(postgres, Loopback);
        var (id, key) = await app.CreateKeyAsync("research", "writer");
        (await app.SendAsync("GET", "/api/v1/keys/self", key: key)).Status.ShouldBe(HttpStatusCode.OK);

        (await app.SendAsync("DELETE", $"/api/v1/keys/{id}", key: key)).Status.ShouldBe(HttpStatusCode.OK);

        (await app.SendAsync("GET", "/api/v1/keys/self", key: key)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await app.SendAsync("GET", "/api/v1/keys/self")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("ctk_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task Malformed_key_is_refused(string key)
    {
        await using var app = await AccessApp.StartAsync(postgres, AccessApp.AllAddresses);

        (await app.SendAsync("GET", "/api/v1/keys/self", key: key)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Known_id_with_a_wrong_secret_is_refused()
    {
        await using var app = await AccessApp.StartAsync(postgres, AccessApp.AllAddresses);
        var (_, key) = await app.InsertKeyAsync("research", "reader");
        var wrong = key[..^1] + (key[^1] == '0' ? '1' : '0');

        (await app.SendAsync("GET", "/api/v1/keys/self", key: wrong)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await app.SendAsync("GET", "/api/v1/keys/self", key: key)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Key_in_the_url_is_ignored()
    {
        await using var app = await AccessApp.StartAsync(postgres, AccessApp.AllAddresses);
        var (_, key) = await app.InsertKeyAsync("research", "reader");

        (await app.SendAsync("GET", $"/api/v1/keys/self?code={key}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Body_without_a_JSON_content_type_is_refused(string type)
    {
        await using var app = await AccessApp.StartAsync(postgres, Loopback);

        (await app.SendAsync("POST", "/api/v1/keys", """{"name":"research","role":"reader"}""", headers: ("Content-Type", type)))
            .Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await app.SendAsync("POST", "/command", "{}", headers: ("Content-Type", "application/merge-patch+json"))).Status.ShouldBe(
            HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_the_fast_caller_must_retry_later()
    {
        await using var app = await AccessApp.StartAsync(postgres, AccessApp.AllAddresses, ("Access:ChangesPerSecond", "1"));
        var (_, fast) = await app.InsertKeyAsync("fast", "writer");
        var (_, other) = await app.InsertKeyAsync("other", "writer");

        // Send all requests at once, so that the limit, one change per second, admits few of them after the first burst.
        var responses = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => app.SendAsync("POST", "/api/v1/keys", "{}", fast)));

        var refused = responses.Where(response => response.Status == HttpStatusCode.TooManyRequests).ToList();
        refused.ShouldNotBeEmpty();
        refused.ShouldAllBe(response => response.RetryAfter >= TimeSpan.FromSeconds(1));
        responses.Count(response => response.Status == HttpStatusCode.BadRequest).ShouldBeGreaterThanOrEqualTo(10);
        (await app.SendAsync("POST", "/api/v1/keys", "{}", other)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await app.SendAsync("GET", "/api/v1/keys/self", key: fast)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Burst_of_200_changes_and_10000_commands_is_accepted()
    {
        await using var app = await AccessApp.StartAsync(postgres, Loopback);

        for (var number = 0; number < 200; number++)
        {
            (await app.SendAsync("POST", "/api/v1/keys", "{}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        }

        for (var number = 0; number < 10_000; number += 100)
        {
            var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.SendAsync("POST", "/command", "{}")));
            responses.ShouldAllBe(response => response.Status == HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Unknown_keys_read_the_table_at_a_limited_rate()
    {
        await using var first = await AccessApp.StartAsync(postgres, AccessApp.AllAddresses);
        var (_, key) = await first.InsertKeyAsync("research", "reader");
        // Count every read of the key table. The clock is stopped, so that no cached key expires.
        await first.ExecuteAsync(
            """
            CREATE SEQUENCE reads;
            ALTER TABLE access_keys RENAME TO kept_keys;
            CREATE VIEW access_keys AS SELECT kept_keys.* FROM (SELECT nextval('reads')) AS counted, kept_keys;
            """);
        await using var app = await AccessApp.StartAsync(first.ConnectionString, AccessApp.AllAddresses, new TestTime());
        (await app.SendAsync("GET", "/api/v1/keys/self", key: key)).Status.ShouldBe(HttpStatusCode.OK);

        var (wrong, limited) = (0, 0);
        while (limited < 500)
        {
            var response = await app.SendAsync("GET", "/api/v1/keys/self", key: AccessKey.Create().Key);
            _ = response.Status == HttpStatusCode.TooManyRequests ? limited++ : wrong++;
        }

        (await app.SendAsync("GET", "/api/v1/keys/self", key: key)).Status.ShouldBe(HttpStatusCode.OK);
        (await first.CountAsync("SELECT last_value FROM reads")).ShouldBeLessThanOrEqualTo(wrong + 1);
    }

    [Fact]
    public async Task Guessed_keys_slow_only_the_guesser()
    {
        await using var app = await AccessApp.StartAsync(postgres, AccessApp.AllAddresses);
        var (_, key) = await app.InsertKeyAsync("research", "reader");

        HttpStatusCode last;
        do
        {
            var responses = await Task.WhenAll(
                Enumerable.Range(0, 400).Select(_ => app.SendAsync("GET", "/api/v1/keys/self", key: "guess")));
            last = responses.Max(response => response.Status);
        }
        while (last == HttpStatusCode.Unauthorized);

        last.ShouldBe(HttpStatusCode.TooManyRequests);
        (await app.SendAsync("GET", "/api/v1/keys/self", key: key)).Status.ShouldBe(HttpStatusCode.OK);
    }
}
