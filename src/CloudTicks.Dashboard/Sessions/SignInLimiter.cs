using System.Net;

namespace CloudTicks.Dashboard.Sessions;

/// <summary>Limits failed sign-ins: five per minute from one address, thirty per minute in total.</summary>
internal sealed class SignInLimiter(TimeProvider time)
{
    private const int MaxPerClient = 5;
    private const int MaxTotal = 30;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<(IPAddress Client, long At)> _attempts = [];

    /// <summary>Counts an attempt.</summary>
    /// <returns>The time to wait; null when the attempt is allowed.</returns>
    public TimeSpan? Acquire(IPAddress client)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _attempts.RemoveAll(attempt => time.GetElapsedTime(attempt.At, now) >= Window);
            var ownAttempts = _attempts.Where(attempt => attempt.Client.Equals(client)).ToList();
            if (ownAttempts.Count >= MaxPerClient || _attempts.Count >= MaxTotal)
            {
                return Window - time.GetElapsedTime(ownAttempts.Count >= MaxPerClient ? ownAttempts[0].At : _attempts[0].At, now);
            }

            _attempts.Add((client, now));
            return null;
        }
    }

    /// <summary>Stops counting an attempt, because its key was valid or could not be checked.</summary>
    public void Release(IPAddress client)
    {
        lock (_gate)
        {
            var index = _attempts.FindLastIndex(attempt => attempt.Client.Equals(client));
            if (index >= 0)
            {
                _attempts.RemoveAt(index);
            }
        }
    }
}
