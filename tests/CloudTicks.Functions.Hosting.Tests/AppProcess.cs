using System.Collections.Concurrent;
using System.Globalization;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Functions.Hosting.Tests;

/// <summary><see cref="FunctionApp"/> as a separate process, which a test may kill.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<Delivery> _deliveries = new();
    private readonly TaskCompletionSource _firstEvent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChildProcess? _child;

    private AppProcess()
    {
    }

    public Task FirstEvent => _firstEvent.Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>The events that the process's function has handled.</summary>
    public IReadOnlyCollection<Delivery> Deliveries => _deliveries;

    private ChildProcess Child => _child ?? throw new InvalidOperationException("The app was not started.");

    public static async Task<AppProcess> StartAsync(TestTopic topic, params string[] settings)
    {
        var app = new AppProcess();
        app._child = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = Environment.ProcessPath!,
            Arguments = [FunctionApp.Argument, "--urls=http://127.0.0.1:0", .. settings],
            Environment = new Dictionary<string, string?>
            {
                ["eventhubs"] = topic.BootstrapServers,
                ["topic"] = topic.Topic,
                ["group"] = topic.Group,
            },
            OnOutput = app.OnLine,
            OnError = line => TestContext.Current.SendDiagnosticMessage(line),
        });
        return app;
    }

    public async Task KillAsync()
    {
        Child.Kill();
        await Child.Exited;
    }

    /// <returns>The exit code.</returns>
    public Task<int> TerminateAsync() => Child.TerminateAsync(2 * TestHost.ShutdownTime);

    public ValueTask DisposeAsync() => Child.DisposeAsync();

    private void OnLine(string line)
    {
        var parts = line.Split(' ');
        _deliveries.Enqueue(new Delivery(
            int.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]));
        _firstEvent.TrySetResult();
    }
}
