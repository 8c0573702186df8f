using Microsoft.Extensions.Logging;

namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>
/// Serves one connection after the other for as long as it lives, on a thread of its own, because the library blocks while it connects.
/// Knows why there is no connection, and wakes those who wait for one.
/// </summary>
/// <param name="name">The thread's name.</param>
/// <param name="settings">Where NATS is, and how often a connection is looked at.</param>
/// <param name="logger">Says when there is no connection.</param>
internal sealed class ConnectionLoop(string name, NatsConnectionSettings settings, ILogger logger) : IAsyncDisposable
{
    private readonly ConnectionSignal _connected = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stopping;
    private string _problem = "not connected yet";

    /// <summary>Why there is no connection, in a few words without a secret; while there is one, why there was none.</summary>
    public string Problem => Volatile.Read(ref _problem);

    public bool IsStopping => Volatile.Read(ref _stopping) != 0;

    /// <summary>Begins, once.</summary>
    /// <param name="serveOneConnection">
    /// Connects and stays, by <see cref="Stay"/>, until the connection ends. Returns how long to wait before the next.
    /// </param>
    public void Start(Func<TimeSpan> serveOneConnection) =>
        new Thread(() => Run(serveOneConnection)) { IsBackground = true, Name = name }.Start();

    /// <summary>Makes <see cref="Stay"/> look at the connection now. From any thread; does not block.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Blocks while a connection stands, until the end of the loop at the latest.</summary>
    /// <param name="stands">Looked at after every wake.</param>
    /// <param name="idle">Called after every <see cref="NatsConnectionSettings.PingInterval"/> without a wake.</param>
    public void Stay(Func<bool> stands, Action idle)
    {
        while (!IsStopping && stands())
        {
            if (!_wake.WaitOne(settings.PingInterval))
                idle();
        }
    }

    /// <summary>There is a connection: wakes those who wait for it.</summary>
    public void Connected() => _connected.Set();

    /// <summary>There is no connection; said once for each problem.</summary>
    public void NotConnected(string problem)
    {
        if (Interlocked.Exchange(ref _problem, problem) != problem)
            Log.NotConnected(logger, settings.ToString(), problem);
    }

    /// <summary>Remembers why there is no connection, or why there will be none, without a word.</summary>
    public void Remember(string problem) => Volatile.Write(ref _problem, problem);

    /// <summary>Completes when the condition holds, which is looked at first and after every <see cref="Connected"/>.</summary>
    public Task WaitUntilConnectedAsync(Func<bool> connected, CancellationToken cancellationToken) =>
        _connected.WaitAsync(connected, cancellationToken);

    /// <summary>Ends the loop and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopping, 1) == 0)
            _wake.Set();
        await _finished.Task;
        _wake.Dispose();
    }

    private void Run(Func<TimeSpan> serveOneConnection)
    {
        try
        {
            while (!IsStopping)
            {
                var wait = serveOneConnection();
                if (!IsStopping)
                    _wake.WaitOne(wait);
            }

            _finished.SetResult();
        }
        catch (Exception exception)
        {
            // What is left is a defect: whoever waits or disposes hears of it, and health says so until then.
            Remember(exception.Message);
            Log.GivenUp(logger, exception);
            _connected.Fail(exception);
            _finished.SetException(exception);
        }
    }
}
