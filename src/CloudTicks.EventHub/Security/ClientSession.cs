using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Security;

internal sealed class ClientSession(string host, LoginStage stage, ClientMemory memory, TimeProvider time)
{
    private TokenLogin? _login;
    private long _loggedInAt;

    /// <summary>A login by a token began or was renewed, and holds for so long.</summary>
    public event Action<TimeSpan>? LoginExtended;

    public string Host => host;

    /// <summary>What it may hold in memory.</summary>
    public ClientMemory Memory => memory;

    /// <summary>The order in which its batches are written.</summary>
    public LogSource Batches { get; } = new();

    /// <summary>The host by which the client reached the hub: the name it asked for in TLS, or the address it connected to.</summary>
    public string ReachedHost { get; set; } = "";

    public LoginStage Stage { get; set; } = stage;

    /// <summary>The SASL mechanism that the client chose.</summary>
    public string Mechanism { get; set; } = "";

    /// <summary>The name by which it logged in with a token; null otherwise.</summary>
    public string? TokenName => _login?.Name;

    /// <summary>When its next fetch may be answered; null before the first.</summary>
    public FetchPace? Fetches { get; set; }

    public void LogIn(TokenLogin login)
    {
        (_login, _loggedInAt) = (login, time.GetTimestamp());
        LoginExtended?.Invoke(login.Lifetime);
    }

    /// <summary>True while a client that has logged in may make this request: a login by a token ends, and can be renewed.</summary>
    public bool MayRequest(ApiKey key) =>
        _login is not { } login
        || key is ApiKey.ApiVersions or ApiKey.SaslHandshake or ApiKey.SaslAuthenticate
        || (Stage is LoginStage.Done or LoginStage.Handshaken && time.GetElapsedTime(_loggedInAt) < login.Lifetime);
}
