using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub.Client;

/// <summary>
/// The state of a followed document: the version in force, a refused version, and the start of an outage of the hub. Only one thread at a
/// time may change the state; any thread may read it.
/// </summary>
internal sealed class FollowedDocument(
    string service, DocumentFile file, Func<HubDocument, string?> apply, TimeProvider time, CentralHubMetrics metrics, ILogger logger)
{
    /// <summary>The minimum length of a logged outage; shorter ones, such as a restart of the hub, are not logged.</summary>
    public static readonly TimeSpan MinLoggedOutage = TimeSpan.FromSeconds(5);

    private volatile FollowedState _state = new();
    private string? _storedTag;
    private bool _isOutageLogged;
    private bool _isFileProblemLogged;

    public FollowedState State => _state;

    /// <summary>The tag of the newest version that the hub returned, usable or not.</summary>
    public string? NewestTag { get; private set; }

    /// <summary>Called when another version from the hub takes effect, or a version is refused.</summary>
    public Action OnChange { get; set; } = () => { };

    /// <summary>How long the hub has been unavailable; zero while it responds.</summary>
    public TimeSpan UnavailableFor =>
        _state is { HubProblem: not null, UnavailableSince: var since } ? time.GetElapsedTime(since) : TimeSpan.Zero;

    public void ReadFile()
    {
        try
        {
            if (file.Read() is not { } document)
            {
                return;
            }

            _storedTag = document.Tag;
            if (apply(document) is { } problem)
            {
                Refuse(document, problem);
                return;
            }

            _state = _state with { InForce = document, IsFromFile = true };
            metrics.Applied(document.Version);
            logger.InForce(document.Version, service, "stored on disk");
        }
        catch (IOException exception)
        {
            ReportFileProblem(exception);
        }
    }

    public void Apply(HubDocument? document, Uri address)
    {
        if (_state.HubProblem is not null)
        {
            _state = _state with { HubProblem = null };
            if (_isOutageLogged)
            {
                _isOutageLogged = false;
                logger.HubRecovered(address.Authority);
            }
        }

        if (document is null)
        {
            return;
        }

        NewestTag = document.Tag;
        if (_state is { IsFromFile: false, InForce: { } now } && now.Tag == document.Tag && now.Json == document.Json)
        {
            _state = _state with { Refused = null, Problem = null };
            Store(document);
        }
        else if (apply(document) is { } problem)
        {
            Refuse(document, problem);
        }
        else
        {
            BringIntoForce(document);
        }
    }

    /// <summary>Records that a request to the hub failed. Only a failure at the start is logged immediately.</summary>
    public void RecordFailure(HubException exception, bool isStart = false)
    {
        metrics.Failed("read", exception.Kind);
        var since = _state.HubProblem is null ? time.GetTimestamp() : _state.UnavailableSince;
        _state = _state with { HubProblem = exception.Message, UnavailableSince = since };
        if (isStart)
        {
            logger.HubUnavailableAtStart(exception.Message, _state.InForceText);
        }
        else if (!_isOutageLogged && UnavailableFor >= MinLoggedOutage)
        {
            _isOutageLogged = true;
            logger.HubUnavailable(exception.Message, _state.InForceText);
        }
    }

    private void BringIntoForce(HubDocument document)
    {
        var isNew = _state.InForce?.Tag != document.Tag;
        _state = _state with { InForce = document, IsFromFile = false, Refused = null, Problem = null };
        Store(document);
        if (!isNew)
        {
            return;
        }

        metrics.Applied(document.Version);
        if (document.Version == 0)
        {
            logger.OnlyDefaults(service);
        }
        else
        {
            logger.InForce(document.Version, service, "central hub");
        }

        OnChange();
    }

    private void Refuse(HubDocument document, string problem)
    {
        var isNew = _state.Refused?.Tag != document.Tag || _state.Problem != problem;
        _state = _state with { Refused = document, Problem = problem };
        if (isNew)
        {
            metrics.Refused();
            logger.DocumentRefused(document.Version, service, problem);
            OnChange();
        }
    }

    private void Store(HubDocument document)
    {
        if (_storedTag == document.Tag)
        {
            return;
        }

        try
        {
            file.Write(document);
            _storedTag = document.Tag;
            _isFileProblemLogged = false;
        }
        catch (IOException exception)
        {
            ReportFileProblem(exception);
        }
    }

    private void ReportFileProblem(IOException exception)
    {
        metrics.Failed("file", HubException.Unreachable);
        if (!_isFileProblemLogged)
        {
            _isFileProblemLogged = true;
            logger.FileProblem(exception.Message);
        }
    }
}
