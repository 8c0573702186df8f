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
    private static readonly byte[] CorrectToken = SaslCalls.Token(TestUsers.Name, TestUsers.Password);
    private static readonly byte[] WrongToken = SaslCalls.Token(TestUsers.Name, "wrong");

    [Fact]
    public async Task Only_wrong_password_is_delayed_and_counted()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var failures = 0L;
        using var listener = new MeterListener();
        var clock = new ManualClock();
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

        (await authenticator.VerifyAsync(CorrectToken, "a client", TestContext.Current.CancellationToken)).ShouldBeTrue();
        failures.ShouldBe(0);

        var verification = authenticator.VerifyAsync(WrongToken, "a client", TestContext.Current.CancellationToken).AsTask();
        verification.IsCompleted.ShouldBeFalse();
        clock.DueTime.ShouldBe(TimeSpan.FromSeconds(1));
        failures.ShouldBe(1);
        clock.Fire();
        (await verification).ShouldBeFalse();
    }

    /// <summary>A clock whose only timer is fired by the test.</summary>
    private sealed class ManualClock : TimeProvider
    {
        private Action _fire = static () => { };

        public TimeSpan DueTime { get; private set; }

        public void Fire() => _fire();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (DueTime, _fire) = (dueTime, () => callback(state));
            return System.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
