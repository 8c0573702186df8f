using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;
using Spectre.Console.Rendering;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>The live table on a terminal. While it is shown, log lines go to the file only.</summary>
internal sealed class LiveScreen : IAsyncDisposable
{
    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(500);

    private readonly LocalEnvironment _environment;
    private readonly Measurements _measurements;
    private readonly string _feed;
    private readonly string _logFile;
    private readonly TextWriter _writer;
    private readonly Canvas _canvas;
    private readonly Terminal _terminal;
    private readonly long _startedAt;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _drawing;

    private LiveScreen(DistributedApplicationBuilder builder, LocalEnvironment environment, string feed, string logFile)
    {
        (_environment, _feed, _logFile) = (environment, feed, logFile);
        foreach (var name in builder.Resources.SelectMany(resource => resource.ProcessNames(environment.Options)))
        {
            environment.Parts.SetState(name, PartState.Waiting);
        }

        environment.Lines.ShowTable(true);
        _startedAt = environment.Time.GetTimestamp();
        _writer = environment.Options.Json ? Console.Error : Console.Out;
        _canvas = new Canvas(!environment.Options.NoColor, _writer.Encoding);
        _measurements = new Measurements(builder, environment);
        _terminal = Terminal.Open(_writer, environment.Options);
        _drawing = DrawAsync();
    }

    /// <summary>Shows the live table and returns it; null if <see cref="Terminal.IsUsable"/> is false.</summary>
    public static LiveScreen? TryBegin(
        DistributedApplicationBuilder builder, LocalEnvironment environment, string feed, string logFile) =>
        Terminal.IsUsable(environment.Options) ? new LiveScreen(builder, environment, feed, logFile) : null;

    /// <summary>Stops polling the parts before they stop; the live table stays on screen.</summary>
    public ValueTask StopMeasuringAsync() => _measurements.DisposeAsync();

    /// <summary>Restores the terminal and prints a short summary. A second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _drawing;
        await _measurements.DisposeAsync();
        _terminal.Dispose();
        _environment.Lines.ShowTable(false);
        Print(ClosingSummary.Summary(Model(), _environment.Lines.LastMessageOf("collector")));
    }

    /// <summary>Prints below the existing output, after the live table has closed.</summary>
    public void Print(IRenderable drawing)
    {
        _canvas.Width = _terminal.Size.Width;
        _canvas.Lines(drawing).ForEach(_writer.WriteLine);
    }

    private async Task DrawAsync()
    {
        try
        {
            var view = new ScreenView(_canvas);
            using var drawTimer = new PeriodicTimer(DrawInterval, _environment.Time);
            do
            {
                var (width, height) = _terminal.Size;
                _terminal.Draw(view.Draw(Model(), width, height));
            }
            while (await drawTimer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The live table has closed.
        }
    }

    private ScreenModel Model()
    {
        var (parts, lines) = (_environment.Parts.Parts, _environment.Lines);
        var (newest, warnings) = lines.Newest();
        return new ScreenModel
        {
            Feed = _feed,
            Now = _environment.Time.GetUtcNow(),
            Phase = _environment.Parts.Phase,
            Uptime = _environment.Time.GetElapsedTime(_startedAt),
            Remaining = _environment.Parts.EndsAt - _environment.Time.GetUtcNow() is { Ticks: > 0 } left ? left : null,
            Parts = parts,
            Figures = _measurements.Newest,
            Problems = parts.Select(part => lines.ProblemOf(part.Name)).OfType<RunLine>().ToDictionary(line => line.Part),
            Lines = newest,
            Warnings = warnings,
            Commands = TickViews.Of(_environment.Parts),
            LogFile = Path.GetRelativePath(Environment.CurrentDirectory, _logFile) is { } relative
                && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : _logFile,
        };
    }
}
