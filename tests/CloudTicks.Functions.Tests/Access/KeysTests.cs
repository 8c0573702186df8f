using System.Net;
using CloudTicks.CentralHub.Access;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests.Access;

public class KeysTests(PostgresFixture postgres)
{
    private const string Loopback = "http://127.0.0.1:0";

    [Fact]
    public async Task Key_is_returned_once_and_listed_without_its_secret()
    {
        await using var app = await AccessApp.StartAsync(postgres, Loopback);

        var created = await app.SendAsync("POST", "/api/v1/keys", """{"name":"research","role":"reader"}""");

        created.Status.ShouldBe(HttpStatusCode.Created);
        created.IsNotStored.ShouldBeTrue();
        var key = created.Body.GetProperty("key").GetString()!;
        AccessKey.IdOf(key).ShouldBe(created.Body.GetProperty("id").GetString());
        var list = await app.SendAsync("GET", "/api/v1/keys");
        list.Text.ShouldNotContain(key[17..]);
        list.Body[0].EnumerateObject().Select(field => field.Name).ShouldBe(["id", "name", "role", "created_ms", "created_by"]);
        (list.Body[0].GetProperty("name").GetString(), list.Body[0].GetProperty("created_by").GetString()).ShouldBe(("research", "local"));
    }

    [Theory]
    [InlineData("""{"name":"research"}""", "/role")]
    [InlineData("""{"role":"reader"}""", "/name")]
    [InlineData("""{"name":"","role":"reader"}""", "/name")]
    [InlineData("""{"name":"two words","role":"reader"}""", "/name")]
    [InlineData("""{"name":"Local","role":"reader"}""", "/name")]
    [InlineData("""{"name":"guard","role":"reader"}""", "/name")]
    [InlineData("""{"name":"research","role":"Writer"}""", "/role")]
    [InlineData("""{"name":"research","role":1}""", "/role")]
    [InlineData("""{"name":"research","role":"reader","id":"1"}""", "")]
    [InlineData("""[]""", "")]
    [InlineData("""{"name":""", "")]
    public async Task Invalid_key_request_is_refused_with_its_position(string body, string place)
    {
        await using var app = await AccessApp.StartAsync(postgres, Loopback);

        var response = await app.SendAsync("POST", "/api/v1/keys", body);

        response.Status.ShouldBe(HttpStatusCode.BadRequest);
        response.Body.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()).ShouldContain(place);
        (await app.SendAsync("GET", "/api/v1/keys")).Body.GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Duplicate_name_and_too_large_body_are_refused()
    {
        await using var app = await AccessApp.StartAsync(postgres, Loopback);
        await app.CreateKeyAsync("research", "reader");

        (await app.SendAsync("POST", "/api/v1/keys", """{"name":"research","role":"writer"}""")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await app.SendAsync("POST", "/api/v1/keys", $$"""{"name":"{{new string('a', 5_000)}}","role":"writer"}"""))
            .Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("0123456789ab", HttpStatusCode.NotFound)]
    [InlineData("nonsense", HttpStatusCode.BadRequest)]
    [InlineData("ctk_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", HttpStatusCode.BadRequest)]
    public async Task Unknown_key_cannot_be_revoked(string id, HttpStatusCode expected)
    {
        await using var app = await AccessApp.StartAsync(postgres, Loopback);

        var response = await app.SendAsync("DELETE", $"/api/v1/keys/{id}");

        response.Status.ShouldBe(expected);
        response.Text.ShouldNotContain("0123456789abcdef");
    }

    [Fact]
    public async Task Keys_created_and_revoked_elsewhere_take_effect()
    {
        await using var app = await AccessApp.StartAsync(postgres, AccessApp.AllAddresses);
        var time = new TestTime();
        await using var other = await AccessApp.StartAsync(app.ConnectionString, AccessApp.AllAddresses, time);
        var (_, writer) = await app.InsertKeyAsync("boss", "writer");
        var (id, key) = await app.CreateKeyAsync("research", "reader", writer);

        (await other.SendAsync("GET", "/api/v1/keys/self", key: key)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.SendAsync("DELETE", $"/api/v1/keys/{id}", key: writer)).Status.ShouldBe(HttpStatusCode.OK);

        time.Advance(TimeSpan.FromSeconds(1));
        (await other.SendAsync("GET", "/api/v1/keys/self", key: key)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
