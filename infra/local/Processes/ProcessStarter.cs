using System.Collections.Concurrent;
using System.Diagnostics;

namespace CloudTicks.LocalServices.Processes;

/// <summary>
/// Starts every child from one thread that lives as long as the program. The kernel sends the parent-death signal when the thread that
/// started the child ends, not when the process ends: a child of a pool thread would be killed when the pool shrinks.
/// </summary>
internal static class ProcessStarter
{
    // If the queue is full, callers wait; a start takes about a millisecond.
    private static readonly BlockingCollection<Action> Starts = new(boundedCapacity: 64);

    static ProcessStarter()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "child processes" };
        thread.Start();
    }

    public static Task StartAsync(Process process)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                process.Start();
                started.SetResult();
            }
            catch (Exception failure)
            {
                started.SetException(failure);
            }
        });
        return started.Task;
    }

    private static void Run()
    {
        foreach (var start in Starts.GetConsumingEnumerable())
        {
            start();
        }
    }
}
