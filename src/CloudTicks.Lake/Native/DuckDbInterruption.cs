namespace CloudTicks.Lake.Native;

/// <summary>
/// Interrupts a statement when a token is cancelled, and repeats that until the statement has ended: DuckDB ignores an interruption that
/// arrives just before the statement starts.
/// </summary>
internal sealed class DuckDbInterruption : IDisposable
{
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromMilliseconds(100);

    private readonly DuckDbConnection _connection;
    private readonly Lock _gate = new();
    private readonly CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private bool _hasEnded;

    public DuckDbInterruption(DuckDbConnection connection, CancellationToken cancellationToken)
    {
        _connection = connection;
        _registration = cancellationToken.Register(Begin);
    }

    /// <summary>Ends the interruption, so that it does not affect the connection's next statement.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        lock (_gate)
        {
            _hasEnded = true;
        }

        _timer?.Dispose();
    }

    private void Begin()
    {
        Interrupt();
        _timer = TimeProvider.System.CreateTimer(_ => Interrupt(), null, RepeatInterval, RepeatInterval);
    }

    private void Interrupt()
    {
        lock (_gate)
        {
            if (!_hasEnded)
            {
                _connection.Interrupt();
            }
        }
    }
}
