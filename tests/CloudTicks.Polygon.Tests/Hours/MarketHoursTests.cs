using CloudTicks.Polygon.Hours;
using CloudTicks.Polygon.Rest;
using CloudTicks.Polygon.Tests.Rest;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static CloudTicks.Polygon.Tests.Hours.TradingScheduleTests;

namespace CloudTicks.Polygon.Tests.Hours;

public class MarketHoursTests
{
    private readonly MarketHours _hours = new();

    [Fact]
    public void IsOpen_status_of_server_overrides_calendar()
    {
        var saturday = At("2025-01-18T15:00:00Z");
        _hours.IsOpen(Market.Stock, saturday).ShouldBeFalse();

        _hours.ApplyStatus(new MarketStatus(saturday, "open", "open", "open"), [], saturday).ShouldBeTrue();

        _hours.IsOpen(Market.Stock, saturday).ShouldBeTrue();
        _hours.IsOpen(Market.Forex, saturday).ShouldBeTrue();
        _hours.SessionOf(Market.Option, saturday.AddHours(1)).StartsAt.ShouldBe(saturday);
        _hours.ApplyStatus(new MarketStatus(saturday, "open", "open", "open"), [], saturday.AddHours(1)).ShouldBeTrue();
        _hours.SessionOf(Market.Option, saturday.AddHours(1)).StartsAt.ShouldBe(saturday);

        _hours.ApplyStatus(new MarketStatus(saturday, "closed", "closed", "open"), [], saturday.AddHours(2)).ShouldBeFalse();
        _hours.IsOpen(Market.Stock, saturday.AddHours(2)).ShouldBeFalse();
    }

    [Fact]
    public void IsOpen_unknown_holiday_is_taken_from_server()
    {
        var thursday = At("2025-01-09T15:00:00Z");

        _hours.ApplyStatus(new MarketStatus(thursday, "closed", "open", "open"), [], thursday);

        _hours.IsOpen(Market.Stock, thursday.AddMinutes(10)).ShouldBeFalse();
        _hours.IsOpen(Market.Forex, thursday.AddMinutes(10)).ShouldBeTrue();
    }

    [Fact]
    public void IsOpen_matching_status_keeps_the_calendar()
    {
        var wednesday = At("2025-01-15T20:30:00Z");

        _hours.ApplyStatus(new MarketStatus(wednesday, "open", "open", "open"), [], wednesday).ShouldBeFalse();

        _hours.SessionOf(Market.Stock, wednesday.AddHours(1)).Phase.ShouldBe(MarketPhase.Extended);
        _hours.IsOpen(Market.Option, wednesday.AddHours(1)).ShouldBeFalse();
    }

    [Fact]
    public async Task Refresh_keeps_holidays_in_outage()
    {
        var time = new TestTime(At("2025-11-26T15:00:00Z"));
        var isUnavailable = false;
        await using var peer = await RestPeer.StartAsync(
            (context, _) =>
            {
                context.Response.StatusCode = isUnavailable ? 404 : 200;
                return context.Response.WriteAsync(context.Request.Path.Value!.EndsWith("upcoming", StringComparison.Ordinal)
                    ? """[{"date":"2025-11-27","exchange":"NYSE","name":"Thanksgiving","status":"closed"}]"""
                    : """{"market":"open","currencies":{"fx":"open","crypto":"open"},"serverTime":"2025-11-26T10:00:00-05:00"}""");
            },
            time);
        using var refresh = new MarketHoursRefresh(
            _hours, peer.Client, time, new LoggerFactory([new Provider(peer.Log)]).CreateLogger<MarketHoursRefresh>());
        var thanksgiving = At("2025-11-27T15:00:00Z");
        _hours.IsOpen(Market.Stock, thanksgiving).ShouldBeTrue();
        await refresh.StartAsync(TestContext.Current.CancellationToken);

        while (_hours.IsOpen(Market.Stock, thanksgiving))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await time.UntilTimerAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(5));
        await time.UntilTimerAsync(TimeSpan.FromHours(1), TestContext.Current.CancellationToken);

        isUnavailable = true;
        time.Advance(TimeSpan.FromHours(1));
        (await peer.Log.LineAsync("the last known market hours apply")).ShouldStartWith("Warning");
        _hours.IsOpen(Market.Stock, thanksgiving).ShouldBeFalse();

        isUnavailable = false;
        await time.UntilTimerAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(5));
        await time.UntilTimerAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMinutes(5));
        await peer.Log.LineAsync("known again");
        await refresh.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Confirm_refreshes_immediately_and_ignores_outage()
    {
        var time = new TestTime();
        var state = "open";
        var statusCode = 200;
        await using var peer = await RestPeer.StartAsync(
            (context, _) =>
            {
                context.Response.StatusCode = statusCode;
                return context.Response.WriteAsync(context.Request.Path.Value!.EndsWith("upcoming", StringComparison.Ordinal)
                    ? "[]"
                    : $$"""{"market":"{{state}}","currencies":{"fx":"open","crypto":"open"},"serverTime":"2025-01-15T10:00:00-05:00"}""");
            },
            time);
        using var refresh = new MarketHoursRefresh(
            _hours, peer.Client, time, new LoggerFactory([new Provider(peer.Log)]).CreateLogger<MarketHoursRefresh>());
        _hours.Confirm(time.GetUtcNow()).ShouldBeTrue("no refresh runs yet");
        await refresh.StartAsync(TestContext.Current.CancellationToken);
        await time.UntilTimerAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(5));
        await time.UntilTimerAsync(TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
        _hours.Confirm(time.GetUtcNow().AddSeconds(-5)).ShouldBeTrue();

        state = "closed";
        _hours.Confirm(time.GetUtcNow()).ShouldBeFalse();
        await peer.Log.LineAsync("stocks closed");
        _hours.Confirm(time.GetUtcNow()).ShouldBeTrue();
        _hours.IsOpen(Market.Stock, time.GetUtcNow()).ShouldBeFalse();

        statusCode = 404;
        await time.UntilTimerAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(5));
        _hours.Confirm(time.GetUtcNow()).ShouldBeFalse();
        await peer.Log.LineAsync("the last known market hours apply");
        _hours.Confirm(time.GetUtcNow().AddHours(1)).ShouldBeTrue();
        await refresh.StopAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Provider(ILogger log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => log;

        public void Dispose()
        {
        }
    }
}
