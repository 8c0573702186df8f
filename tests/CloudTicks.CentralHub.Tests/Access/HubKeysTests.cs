using CloudTicks.CentralHub.Access;
using CloudTicks.TestServices;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.CentralHub.Tests.Access;

public sealed class HubKeysTests : IAsyncLifetime
{
    private static readonly Caller Research = new("research", AccessRole.Reader);

    private readonly TestTime _time = new();
    private TestHub _hub = null!;
    private HubKeys _keys = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.StartAsync();
        _hub.Keys["key"] = ("research", "reader");
        _keys = new HubKeys(_hub.Address, _time);
    }

    [Fact]
    public async Task Response_of_the_hub_is_cached_for_ten_seconds()
    {
        (await FindAsync("key")).ShouldBe(KeyLookup.Of(Research));
        _hub.Keys.Clear();
        _time.Advance(TimeSpan.FromSeconds(9));
        (await FindAsync("key")).ShouldBe(KeyLookup.Of(Research));
        _hub.RequestCount.ShouldBe(1);

        _time.Advance(TimeSpan.FromSeconds(1));

        (await FindAsync("key")).ShouldBe(KeyLookup.Invalid);
        _hub.Keys["key"] = ("boss", "writer");
        (await FindAsync("key")).ShouldBe(KeyLookup.Of(new Caller("boss", AccessRole.Writer)));
    }

    [Fact]
    public async Task Confirmed_keys_stay_valid_for_five_minutes_of_an_outage()
    {
        await FindAsync("key");
        _hub.OverrideResponse = Results.StatusCode(503);

        _time.Advance(TimeSpan.FromMinutes(4));
        (await FindAsync("key")).ShouldBe(KeyLookup.Of(Research));
        (await FindAsync("other")).ShouldBe(KeyLookup.HubUnavailable);
        _time.Advance(TimeSpan.FromMinutes(1));
        (await FindAsync("key")).ShouldBe(KeyLookup.HubUnavailable);

        _hub.OverrideResponse = null;
        (await FindAsync("key")).ShouldBe(KeyLookup.Of(Research));
    }

    [Fact]
    public async Task Revoked_key_expires_while_the_hub_is_flooded()
    {
        await FindAsync("key");
        _hub.Keys.Clear();
        _hub.OverrideResponse = Results.StatusCode(429);

        _time.Advance(TimeSpan.FromSeconds(10));

        (await FindAsync("key")).ShouldBe(KeyLookup.HubBusy);
        (await FindAsync("other")).ShouldBe(KeyLookup.HubBusy);
    }

    [Fact]
    public async Task HasKeys_is_true_with_a_key_that_is_not_revoked()
    {
        _hub.Keys.Clear();
        (await _keys.HasKeysAsync(Cancellation)).ShouldBe(false);
        _hub.Keys["key"] = ("research", "reader");
        (await _keys.HasKeysAsync(Cancellation)).ShouldBe(false);
        _hub.RequestCount.ShouldBe(1);

        _time.Advance(TimeSpan.FromSeconds(10));

        (await _keys.HasKeysAsync(Cancellation)).ShouldBe(true);
    }

    [Fact]
    public async Task HasKeys_stays_true_while_the_hub_is_unavailable()
    {
        (await _keys.HasKeysAsync(Cancellation)).ShouldBe(true);
        _hub.OverrideResponse = Results.StatusCode(503);
        _time.Advance(TimeSpan.FromSeconds(10));

        (await _keys.HasKeysAsync(Cancellation)).ShouldBe(true);
    }

    [Fact]
    public async Task HasKeys_of_a_hub_that_requires_a_key_is_true()
    {
        _hub.OverrideResponse = Results.Unauthorized();

        (await _keys.HasKeysAsync(Cancellation)).ShouldBe(true);
    }

    [Fact]
    public async Task HasKeys_of_a_hub_never_reached_is_unknown()
    {
        _hub.OverrideResponse = Results.StatusCode(503);

        (await _keys.HasKeysAsync(Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Hub_that_does_not_listen_is_unavailable()
    {
        await _hub.DisposeAsync();

        (await FindAsync("key")).ShouldBe(KeyLookup.HubUnavailable);
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("""{"name":"research"}""")]
    [InlineData("""{"name":"research","role":"owner"}""")]
    [InlineData("[]")]
    public async Task Invalid_response_grants_no_access(string text)
    {
        _hub.OverrideResponse = Results.Content(text);

        (await FindAsync("key")).ShouldBe(KeyLookup.HubUnavailable);
    }

    [Fact]
    public async Task Redirect_does_not_forward_the_key()
    {
        await using var other = await TestHub.StartAsync();
        other.Keys["key"] = ("thief", "writer");
        _hub.OverrideResponse = Results.Redirect(new Uri(other.Address, "api/v1/keys/self").ToString());

        (await FindAsync("key")).ShouldBe(KeyLookup.HubUnavailable);
        other.RequestCount.ShouldBe(0);
    }

    [Fact]
    public void Remote_hub_over_plain_http_is_refused() =>
        Should.Throw<FormatException>(() => new HubKeys(new Uri("http://hub.example:7000"), _time)).Message.ShouldContain("https");

    public async ValueTask DisposeAsync()
    {
        _keys.Dispose();
        await _hub.DisposeAsync();
    }

    private Task<KeyLookup> FindAsync(string key) => _keys.FindAsync(key, Cancellation);
}
