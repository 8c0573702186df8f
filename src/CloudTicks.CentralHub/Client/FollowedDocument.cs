using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub.Client;

/// <summary>
/// The document of a service as far as it is known here: which version is in force, which one could not be used, and since when the hub is
/// away. One at a time changes it; everybody may look.
/// </summary>
internal sealed class FollowedDocument(
    string service, DocumentFile file, Func<HubDocument, string?> take, TimeProvider time, CentralHubMetrics metrics, ILogger logger)
{
    /// <summary>A hub that is away for longer is told of: one that is started anew is not.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private volatile FollowedState _state = new();
    private string? _kept;
    private bool _isAwayTold;
    private bool _isFileTold;

    public FollowedState State => _state;

    /// <summary>The tag of the newest version that the hub has answered, whether it could be used or not.</summary>
    public string? Seen { get; private set; }

    /// <summary>Told when another version has come into force, or could not.</summary>
    public Action OnChange { get; set; } = () => { };

    /// <summary>How long the hub has not answered; zero while it does.</summary>
    public TimeSpan AwayFor => _state is { Away: not null, AwaySince: var since } ? time.GetElapsedTime(since) : TimeSpan.Zero;

    public void TakeFile()
    {
        try
        {
            if (file.Read() is not { } document)
            {
                return;
            }

            _kept = document.Tag;
            if (take(document) is { } problem)
            {
                Refuse(document, problem);
                return;
            }

            _state = _state with { InForce = document, IsFromFile = true };
            metrics.Applied(document.Version);
            logger.InForce(document.Version, service, "kept on disk");
        }
        catch (IOException exception)
        {
            TellOfFile(exception);
        }
    }

    public void Take(HubDocument? document, Uri address)
    {
        if (_state.Away is not null)
        {
            _state = _state with { Away = null };
            if (_isAwayTold)
            {
                _isAwayTold = false;
                logger.HubBack(address.Authority);
            }
        }

        if (document is null)
        {
            return;
        }

        Seen = document.Tag;
        if (_state is { IsFromFile: false, InForce: { } now } && now.Tag == document.Tag && now.Json == document.Json)
        {
            _state = _state with { Refused = null, Problem = null };
            Keep(document);
        }
        else if (take(document) is { } problem)
        {
            Refuse(document, problem);
        }
        else
        {
            BringIntoForce(document);
        }
    }

    /// <summary>The hub could not be asked; at the start this is reported at once, as something that may be.</summary>
    public void Lose(HubException exception, bool isStart = false)
    {
        metrics.Failed("read", exception.Kind);
        _state = _state with { Away = exception.Message, AwaySince = _state.Away is null ? time.GetTimestamp() : _state.AwaySince };
        if (isStart)
        {
            logger.HubAwayAtStart(exception.Message, _state.InForceText);
        }
        else if (!_isAwayTold && AwayFor >= Grace)
        {
            _isAwayTold = true;
            logger.HubAway(exception.Message, _state.InForceText);
        }
    }

    private void BringIntoForce(HubDocument document)
    {
        var isNew = _state.InForce?.Tag != document.Tag;
        _state = _state with { InForce = document, IsFromFile = false, Refused = null, Problem = null };
        Keep(document);
        if (!isNew)
        {
            return;
        }

        metrics.Applied(document.Version);
        if (document.Version == 0)
        {
            logger.NothingDecided(service);
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

    private void Keep(HubDocument document)
    {
        if (_kept == document.Tag)
        {
            return;
        }

        try
        {
            file.Write(document);
            _kept = document.Tag;
            _isFileTold = false;
        }
        catch (IOException exception)
        {
            TellOfFile(exception);
        }
    }

    private void TellOfFile(IOException exception)
    {
        metrics.Failed("file", HubException.Unreachable);
        if (!_isFileTold)
        {
            _isFileTold = true;
            logger.FileProblem(exception.Message);
        }
    }
}
