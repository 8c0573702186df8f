using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Messaging.Nats;

/// <summary>Runs connections one after another on a thread that may block, and wakes callers that wait for a connection.</summary>
internal sealed class ConnectionLoop(string name, NatsConnectionSettings settings, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly OutageLog _outage = new(time);
    private readonly ConnectionSignal _connectedSignal = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly ManualResetEvent _stop = new(false);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stopping;
    private string _problem = "not connected yet";

    /// <summary>The reason why there is no connection, in a few words without a secret; while connected, the previous reason.</summary>
    public string Problem => Volatile.Read(ref _problem);

    public TimeProvider Time => time;

    public bool IsStopping => Volatile.Read(ref _stopping) != 0;

    /// <summary>
    /// Starts the loop, once. <paramref name="serveOneConnection"/> connects, calls <see cref="WaitWhileOpen"/>, and returns the wait
    /// before the next connection.
    /// </summary>
    public void Start(Func<TimeSpan> serveOneConnection) =>
        new Thread(() => Run(serveOneConnection)) { IsBackground = true, Name = name }.Start();

    /// <summary>Makes <see cref="WaitWhileOpen"/> check the connection now. Any thread may call it; it does not block.</summary>
    public void Wake() => _wake.Set();

    /// <summary>
    /// Blocks while the connection is open. Runs <paramref name="onIdle"/> whenever <see cref="Wake"/> has not been called for
    /// <see cref="NatsConnectionSettings.PingInterval"/>.
    /// </summary>
    public void WaitWhileOpen(Func<bool> isOpen, Action onIdle)
    {
        while (!IsStopping && isOpen())
        {
            if (!_wake.WaitOne(settings.PingInterval))
                onIdle();
        }
    }

    public void OnConnected()
    {
        _outage.End(out _);
        _connectedSignal.Set();
    }

    public void OnLost(string server, string problem)
    {
        SetProblem(problem);
        _outage.Begin(isLogged: true);
        Log.ConnectionLost(logger, server, problem, settings.ToString());
    }

    public void OnNotConnected(string problem)
    {
        SetProblem(problem);
        switch (_outage.Failed(out var duration))
        {
            case OutageNotice.First:
                Log.NotConnected(logger, settings.ToString(), problem);
                break;
            case OutageNotice.Reminder:
                Log.StillNotConnected(logger, settings.ToString(), duration.TotalSeconds, problem);
                break;
        }
    }

    /// <summary>Sets <see cref="Problem"/> without logging it.</summary>
    public void SetProblem(string problem) => Volatile.Write(ref _problem, problem);

    /// <summary>Completes when the condition holds. Checks the condition immediately and after every <see cref="OnConnected"/>.</summary>
    public Task WaitUntilConnectedAsync(Func<bool> isConnected, CancellationToken cancellationToken) =>
        _connectedSignal.WaitAsync(isConnected, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopping, 1) == 0)
        {
            _stop.Set();
            _wake.Set();
        }

        await _finished.Task;
        _wake.Dispose();
        _stop.Dispose();
    }

    private void Run(Func<TimeSpan> serveOneConnection)
    {
        try
        {
            while (!IsStopping)
            {
                var wait = serveOneConnection();
                // Wait for the stop event only: the wake event is also set when a connection could not be opened.
                _stop.WaitOne(wait);
            }

            _finished.SetResult();
        }
        catch (Exception exception)
        {
            // An exception here is a bug. Callers that wait or dispose receive the exception, and the health check reports its message.
            SetProblem(exception.Message);
            Log.ClientStopped(logger, exception);
            _connectedSignal.Fail(exception);
            _finished.SetException(exception);
        }
    }
}
