using System.Threading.Channels;
using CloudTicks.Functions.Hosting.EventHubs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Hosting.Tests.Timers;

public sealed class TimerTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2025, 1, 27, 16, 3, 20, TimeSpan.Zero);

    private readonly ManualTime _time = new(Start);
    private readonly Calls _calls = new();
    private IHost? _host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Function_is_called_at_the_times_of_its_schedule()
    {
        await StartAsync(typeof(EveryTenMinutes));

        await AdvanceAsync(TimeSpan.FromSeconds((6 * 60) + 39));
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        var first = await _calls.NextAsync();
        first.End();
        await AdvanceAsync(TimeSpan.FromMinutes(10));
        var second = await _calls.NextAsync();
        second.End();

        (first.At, first.Timer.IsPastDue).ShouldBe((At("16:10"), false));
        (second.At, second.Timer.IsPastDue).ShouldBe((At("16:20"), false));
        second.Timer.ScheduleStatus!.Last.ShouldBe(At("16:10").UtcDateTime);
        second.Timer.ScheduleStatus!.Next.ShouldBe(At("16:30").UtcDateTime);
    }

    [Fact]
    public async Task Missed_times_cause_one_past_due_call()
    {
        await StartAsync(typeof(EveryTenMinutes));
        await AdvanceAsync(TimeSpan.FromSeconds(400));
        var slowCall = await _calls.NextAsync();

        _time.Advance(TimeSpan.FromMinutes(25)); // no timer is set while the call runs
        _calls.Running.ShouldBe(1);
        slowCall.End();
        var pastDueCall = await _calls.NextAsync();
        pastDueCall.End();
        await AdvanceAsync(TimeSpan.FromMinutes(5));
        var nextCall = await _calls.NextAsync();
        nextCall.End();

        (pastDueCall.At, pastDueCall.Timer.IsPastDue).ShouldBe((At("16:35"), true));
        (nextCall.At, nextCall.Timer.IsPastDue).ShouldBe((At("16:40"), false));
    }

    [Fact]
    public async Task Failed_call_is_shown_by_health_until_the_next_succeeds()
    {
        await StartAsync(typeof(EveryTenMinutes));
        await AdvanceAsync(TimeSpan.FromSeconds(400));
        (await _calls.NextAsync()).Fail("the disk is unavailable");
        await _time.WaitedForAsync();
        var healthAfterFailure = await HealthAsync();

        await AdvanceAsync(TimeSpan.FromMinutes(10));
        (await _calls.NextAsync()).End();
        await _time.WaitedForAsync();
        var healthAfterSuccess = await HealthAsync();

        healthAfterFailure.Status.ShouldBe(HealthStatus.Degraded);
        healthAfterFailure.Description!.ShouldContain("the disk is unavailable");
        healthAfterSuccess.Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Clock_set_back_repeats_its_times()
    {
        await StartAsync(typeof(EveryTenMinutes));
        await AdvanceAsync(TimeSpan.FromSeconds(400));
        (await _calls.NextAsync()).End();

        await _time.WaitedForAsync();
        _time.Set(At("15:00"));
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        await AdvanceAsync(TimeSpan.FromMinutes(9));
        var repeatedCall = await _calls.NextAsync();
        repeatedCall.End();

        (repeatedCall.At, repeatedCall.Timer.IsPastDue).ShouldBe((At("15:10"), false));
    }

    [Fact]
    public async Task Function_that_runs_on_startup_is_called_at_once()
    {
        await StartAsync(typeof(RunsOnStartup));

        var first = await _calls.NextAsync();
        first.End();

        (first.At, first.Timer.IsPastDue).ShouldBe((Start, false));
    }

    [Fact]
    public async Task Stopping_host_cancels_the_call()
    {
        await StartAsync(typeof(RunsOnStartup));
        var call = await _calls.NextAsync();

        await _host!.StopAsync(Cancellation);

        call.Ended.IsCanceled.ShouldBeTrue();
    }

    [Fact]
    public async Task Invalid_schedule_prevents_the_start()
    {
        var refusal = await Should.ThrowAsync<InvalidOperationException>(() => StartAsync(typeof(FiveFields)));

        refusal.Message.ShouldContain("'FiveFields'");
        refusal.Message.ShouldContain("six fields");
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            _host.Dispose();
        }
    }

    private static DateTimeOffset At(string time) => new(Start.Date + TimeSpan.Parse(time, null), TimeSpan.Zero);

    private async Task StartAsync(Type function)
    {
        var builder = new FunctionsApplicationBuilder(["--urls=http://127.0.0.1:0"], [function]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddSingleton(_calls);
        _host = builder.Build();
        await _host.StartAsync(Cancellation);
    }

    private async Task AdvanceAsync(TimeSpan time)
    {
        await _time.WaitedForAsync();
        _time.Advance(time);
    }

    private Task<HealthCheckResult> HealthAsync() =>
        _host!.Services.GetRequiredService<TriggerHealth>().CheckHealthAsync(new HealthCheckContext(), Cancellation);

    private sealed class EveryTenMinutes(Calls calls, TimeProvider time)
    {
        [Function(nameof(EveryTenMinutes))]
        public Task RunAsync([TimerTrigger("0 */10 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
            calls.RunAsync(timer, time.GetUtcNow(), cancellationToken);
    }

    private sealed class RunsOnStartup(Calls calls, TimeProvider time)
    {
        [Function(nameof(RunsOnStartup))]
        public Task RunAsync([TimerTrigger("0 */10 * * * *", RunOnStartup = true)] TimerInfo timer, CancellationToken cancellationToken) =>
            calls.RunAsync(timer, time.GetUtcNow(), cancellationToken);
    }

    private static class FiveFields
    {
        [Function(nameof(FiveFields))]
        public static Task RunAsync([TimerTrigger("*/10 * * * *")] TimerInfo timer) => Task.CompletedTask;
    }

    /// <summary>A call of the function. It ends when the test ends it or lets it fail, or when it is cancelled.</summary>
    private sealed class Call(TimerInfo timer, DateTimeOffset at, CancellationToken cancellationToken)
    {
        private readonly TaskCompletionSource _ended = new();

        public TimerInfo Timer => timer;

        public DateTimeOffset At => at;

        public Task Ended => _ended.Task;

        public void End() => _ended.TrySetResult();

        public void Fail(string why) => _ended.TrySetException(new InvalidOperationException(why));

        public async Task RunAsync()
        {
            using var stopped = cancellationToken.Register(() => _ended.TrySetCanceled(cancellationToken));
            await _ended.Task;
        }
    }

    private sealed class Calls
    {
        private readonly Channel<Call> _calls = Channel.CreateBounded<Call>(16);
        private int _running;

        public int Running => _running;

        public async Task RunAsync(TimerInfo timer, DateTimeOffset now, CancellationToken cancellationToken)
        {
            var call = new Call(timer, now, cancellationToken);
            Interlocked.Increment(ref _running);
            await _calls.Writer.WriteAsync(call, CancellationToken.None);
            try
            {
                await call.RunAsync();
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }

        public Task<Call> NextAsync() => _calls.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
    }
}
