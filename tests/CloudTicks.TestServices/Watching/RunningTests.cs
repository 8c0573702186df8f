using System.Collections.Concurrent;
using Xunit.Sdk;

namespace CloudTicks.TestServices.Watching;

/// <summary>
/// The tests in progress. A test is in progress from before the inner sink receives its start message until after the sink receives its end
/// message.
/// </summary>
internal sealed class RunningTests
{
    private readonly ConcurrentDictionary<string, RunningTest> _tests = new();

    public ICollection<RunningTest> All => _tests.Values;

    public RunningTest? Find(string id) => _tests.GetValueOrDefault(id);

    /// <summary>Tracks the messages that a sink receives.</summary>
    public IMessageSink Track(IMessageSink sink) => new Sink(_tests, sink);

    private sealed class Sink(ConcurrentDictionary<string, RunningTest> tests, IMessageSink next) : IMessageSink
    {
        public bool OnMessage(IMessageSinkMessage message)
        {
            if (message is ITestStarting starting)
            {
                tests[starting.TestUniqueID] = new RunningTest(starting.TestDisplayName, TimeProvider.System.GetTimestamp());
            }

            try
            {
                return next.OnMessage(message);
            }
            finally
            {
                if (message is ITestFinished finished)
                {
                    tests.TryRemove(finished.TestUniqueID, out _);
                }
            }
        }
    }
}

internal sealed record RunningTest(string Name, long Since);
