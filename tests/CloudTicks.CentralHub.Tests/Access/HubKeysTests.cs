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
    public async Task Answer_of_the_hub_is_remembered_for_ten_seconds_and_a_revoked_key_opens_nothing_after_them()
    {
        (await FindAsync("key")).ShouldBe(KeyFinding.Of(Research));
        _hub.Keys.Clear();
        _time.Advance(TimeSpan.FromSeconds(9));
        (await FindAsync("key")).ShouldBe(KeyFinding.Of(Research));
        _hub.Asked.ShouldBe(1);

        _time.Advance(TimeSpan.FromSeconds(1));

        (await FindAsync("key")).ShouldBe(KeyFinding.Wrong);
        _hub.Keys["key"] = ("boss", "writer");
        (await FindAsync("key")).ShouldBe(KeyFinding.Of(new Caller("boss", AccessRole.Writer)));
    }

    [Fact]
    public async Task Who_was_known_goes_on_for_five_minutes_while_the_hub_is_away_and_nobody_else_is_judged()
    {
        await FindAsync("key");
        _hub.Trouble = Results.StatusCode(503);

        _time.Advance(TimeSpan.FromMinutes(4));
        (await FindAsync("key")).ShouldBe(KeyFinding.Of(Research));
        (await FindAsync("other")).ShouldBe(KeyFinding.HubAway);
        _time.Advance(TimeSpan.FromMinutes(1));
        (await FindAsync("key")).ShouldBe(KeyFinding.HubAway);

        _hub.Trouble = null;
        (await FindAsync("key")).ShouldBe(KeyFinding.Of(Research));
    }

    [Fact]
    public async Task Revoked_key_does_not_outlive_ten_seconds_because_the_hub_is_flooded()
    {
        await FindAsync("key");
        _hub.Keys.Clear();
        _hub.Trouble = Results.StatusCode(429);

        _time.Advance(TimeSpan.FromSeconds(10));

        (await FindAsync("key")).ShouldBe(KeyFinding.HubBusy);
        (await FindAsync("other")).ShouldBe(KeyFinding.HubBusy);
    }

    [Fact]
    public async Task Hub_has_keys_from_the_first_on_that_is_not_revoked()
    {
        _hub.Keys.Clear();
        (await _keys.HasKeysAsync(Cancellation)).ShouldBe(false);
        _hub.Keys["key"] = ("research", "reader");
        (await _keys.HasKeysAsync(Cancellation)).ShouldBe(false);
        _hub.Asked.ShouldBe(1);

        _time.Advance(TimeSpan.FromSeconds(10));

        (await _keys.HasKeysAsync(Cancellation)).ShouldBe(true);
    }

    [Fact]
    public async Task Keys_do_not_become_void_while_the_hub_is_away()
    {
        (await _keys.HasKeysAsync(Cancellation)).ShouldBe(true);
        _hub.Trouble = Results.StatusCode(503);
        _time.Advance(TimeSpan.FromSeconds(10));

        (await _keys.HasKeysAsync(Cancellation)).ShouldBe(true);
    }

    [Fact]
    public async Task Hub_that_demands_a_key_has_keys()
    {
        _hub.Trouble = Results.Unauthorized();

        (await _keys.HasKeysAsync(Cancellation)).ShouldBe(true);
    }

    [Fact]
    public async Task Hub_that_was_never_reached_has_said_nothing_of_keys()
    {
        _hub.Trouble = Results.StatusCode(503);

        (await _keys.HasKeysAsync(Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Hub_that_does_not_listen_knows_nobody()
    {
        await _hub.DisposeAsync();

        (await FindAsync("key")).ShouldBe(KeyFinding.HubAway);
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("""{"name":"research"}""")]
    [InlineData("""{"name":"research","role":"owner"}""")]
    [InlineData("[]")]
    public async Task Answer_that_is_none_lets_nobody_in(string text)
    {
        _hub.Trouble = Results.Content(text);

        (await FindAsync("key")).ShouldBe(KeyFinding.HubAway);
    }

    [Fact]
    public async Task Redirect_does_not_take_the_key_elsewhere()
    {
        await using var other = await TestHub.StartAsync();
        other.Keys["key"] = ("thief", "writer");
        _hub.Trouble = Results.Redirect(new Uri(other.Address, "api/v1/keys/self").ToString());

        (await FindAsync("key")).ShouldBe(KeyFinding.HubAway);
        other.Asked.ShouldBe(0);
    }

    [Fact]
    public void Hub_elsewhere_by_plain_http_is_refused() =>
        Should.Throw<FormatException>(() => new HubKeys(new Uri("http://hub.example:7000"), _time)).Message.ShouldContain("https");

    public async ValueTask DisposeAsync()
    {
        _keys.Dispose();
        await _hub.DisposeAsync();
    }

    private Task<KeyFinding> FindAsync(string key) => _keys.FindAsync(key, Cancellation);
}
