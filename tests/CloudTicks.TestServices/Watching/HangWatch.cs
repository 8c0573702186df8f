using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit.Sdk;

namespace CloudTicks.TestServices.Watching;

/// <summary>
/// Ends the test process with the names of the tests in progress when one takes longer than the limit, or when nothing happens for as
/// long: in a fixture, or after the last test. The watch has a thread of its own, because a hang may take all threads of the pool.
/// </summary>
internal sealed class HangWatch : IMessageSink
{
    /// <summary>Minutes, if not ten.</summary>
    public const string LimitVariable = "CLOUDTICKS_TEST_MINUTES";

    /// <summary>Settings that request long tests.</summary>
    private static readonly string[] LongRuns =
    [
        "CLOUDTICKS_LONG", "CLOUDTICKS_KILL_ROUNDS", "CLOUDTICKS_CHAOS_ROUNDS", "CLOUDTICKS_LOCK_SECONDS", "CLOUDTICKS_DECODER_FRAMES",
        "CLOUDTICKS_ENDURANCE", "CLOUDTICKS_STRANGE_REQUESTS",
    ];

    // Nothing pulses it: the watch sleeps until the earliest moment at which something may be due.
    private readonly object _lock = new();
    private readonly Dictionary<string, string> _collections = [];
    private readonly IMessageSink _next;
    private readonly RunningTests _tests;
    private readonly TimeSpan _limit;
    private long _lastMessage = TimeProvider.System.GetTimestamp();

    private HangWatch(IMessageSink next, RunningTests tests, TimeSpan limit)
    {
        _next = next;
        _tests = tests;
        _limit = limit;
        new Thread(Watch) { IsBackground = true, Name = nameof(HangWatch) }.Start();
    }

    /// <summary>Watches the messages to a sink, except in a run that is ordered to be long, and under a debugger.</summary>
    public static IMessageSink Beside(IMessageSink sink, RunningTests tests)
    {
        var minutes = Environment.GetEnvironmentVariable(LimitVariable);
        var isLong = LongRuns.Any(static setting => Environment.GetEnvironmentVariable(setting) is not null);
        return minutes is null && (isLong || Debugger.IsAttached)
            ? sink
            : new HangWatch(
                sink, tests, TimeSpan.FromMinutes(minutes is null ? 10 : double.Parse(minutes, CultureInfo.InvariantCulture)));
    }

    /// <inheritdoc/>
    public bool OnMessage(IMessageSinkMessage message)
    {
        lock (_lock)
        {
            _lastMessage = TimeProvider.System.GetTimestamp();
            switch (message)
            {
                case ITestCollectionStarting collection:
                    _collections[collection.TestCollectionUniqueID] = collection.TestCollectionDisplayName;
                    break;
                case ITestCollectionFinished collection:
                    _collections.Remove(collection.TestCollectionUniqueID);
                    break;
            }
        }

        return _next.OnMessage(message);
    }

    private void Watch()
    {
        lock (_lock)
        {
            while (_limit - TimeProvider.System.GetElapsedTime(Earliest()) is var left && left > TimeSpan.Zero)
            {
                Monitor.Wait(_lock, left);
            }

            // Ends the process though its threads are stuck; the servers that it started die with it.
            Environment.FailFast(Describe());
        }
    }

    private long Earliest() => _tests.All.Select(test => test.Since).Append(_lastMessage).Min();

    private string Describe()
    {
        var text = new StringBuilder().AppendLine(
            CultureInfo.InvariantCulture, $"A test hangs: the limit is {_limit.TotalMinutes:0.##} minutes. Tests in progress:");
        foreach (var (name, since) in _tests.All.OrderBy(test => test.Since))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {name}, for {TimeProvider.System.GetElapsedTime(since):hh\\:mm\\:ss}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"Collections in progress: {string.Join("; ", _collections.Values.Order())}");
        return text.ToString();
    }
}
