using System.Diagnostics.Metrics;
using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Settings;
using CloudTicks.EventHub.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventHub.Tests.Security;

public sealed class AuthenticatorTests
{
    private static readonly byte[] Right = SaslCalls.Token(TestUsers.Name, TestUsers.Password);
    private static readonly byte[] Wrong = SaslCalls.Token(TestUsers.Name, "wrong");

    [Fact]
    public async Task Wrong_password_waits_and_is_counted_and_the_right_one_does_neither()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var failures = 0L;
        using var listener = new MeterListener();
        var clock = new HeldClock();
        var authenticator = new Authenticator(
            new UserTable([new UserOptions { Name = TestUsers.Name, Password = TestUsers.Password }]), null,
            new EventHubMetrics(services.GetRequiredService<IMeterFactory>(), clock), clock, new RefusalLog(clock, NullLogger.Instance));
        var factory = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, of) =>
        {
            if (instrument.Name == "eventhub.logins.failed" && instrument.Meter.Scope == factory)
            {
                of.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => failures += count);
        listener.Start();

        (await authenticator.VerifyAsync(Right, "a client", TestContext.Current.CancellationToken)).ShouldBeTrue();
        failures.ShouldBe(0);

        var refused = authenticator.VerifyAsync(Wrong, "a client", TestContext.Current.CancellationToken).AsTask();
        refused.IsCompleted.ShouldBeFalse();
        clock.Due.ShouldBe(TimeSpan.FromSeconds(1));
        failures.ShouldBe(1);
        clock.Ring();
        (await refused).ShouldBeFalse();
    }

    /// <summary>A clock whose one timer rings when the test says so.</summary>
    private sealed class HeldClock : TimeProvider
    {
        private Action _ring = static () => { };

        public TimeSpan Due { get; private set; }

        public void Ring() => _ring();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (Due, _ring) = (dueTime, () => callback(state));
            return System.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
