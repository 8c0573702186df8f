using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Security;

internal sealed class ClientSession(string host, LoginStage stage, ClientMemory memory, TimeProvider time)
{
    private TokenLogin? _login;
    private long _loggedInAt;

    /// <summary>Raised with the login's lifetime when a token login starts or is renewed.</summary>
    public event Action<TimeSpan>? LoginExtended;

    public string Host => host;

    /// <summary>The memory limits of the connection.</summary>
    public ClientMemory Memory => memory;

    /// <summary>Identifies the connection's batches to the queue of the log, which keeps them in order.</summary>
    public LogSource Batches { get; } = new();

    /// <summary>The host that the client used: the name in TLS, or the address.</summary>
    public string ReachedHost { get; set; } = "";

    public LoginStage Stage { get; set; } = stage;

    /// <summary>The SASL mechanism that the client chose.</summary>
    public string Mechanism { get; set; } = "";

    /// <summary>The name of the token login; null when there is none.</summary>
    public string? TokenName => _login?.Name;

    /// <summary>The pace of the connection's fetches; null before the first fetch.</summary>
    public FetchPace? FetchPace { get; set; }

    public void LogIn(TokenLogin login)
    {
        (_login, _loggedInAt) = (login, time.GetTimestamp());
        LoginExtended?.Invoke(login.Lifetime);
    }

    /// <summary>True when the client may send this request. After its token has expired, a client may only renew its login.</summary>
    public bool MayRequest(ApiKey key) =>
        _login is not { } login
        || key is ApiKey.ApiVersions or ApiKey.SaslHandshake or ApiKey.SaslAuthenticate
        || (Stage is LoginStage.Done or LoginStage.AwaitingAuthentication && time.GetElapsedTime(_loggedInAt) < login.Lifetime);
}
