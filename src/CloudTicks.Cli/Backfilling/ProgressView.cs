using System.Globalization;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CloudTicks.Cli.Backfilling;

/// <summary>Shows a progress bar on a terminal, and elsewhere a line for each change of state.</summary>
internal sealed class ProgressView : IBackfillView
{
    private readonly TextWriter _output;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _drawing;
    private readonly bool _isPlain;
    private ProgressTask? _bar;
    private string? _lastState;
    private volatile BackfillResponse? _lastResponse;

    public ProgressView(TextWriter output, bool isPlain)
    {
        (_output, _isPlain) = (output, isPlain || !AnsiConsole.Profile.Capabilities.Interactive);
        _drawing = _isPlain ? Task.CompletedTask : AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context =>
            {
                _bar = context.AddTask("open");
                return _done.Task;
            });
    }

    public void Show(BackfillResponse response)
    {
        _lastResponse = response;
        var text = $"{response.State}, {Counted.Of(response.Recovered, "tick")}";
        if (_bar is { } bar)
        {
            bar.Description = Markup.Escape(text);
            bar.Value = response.Progress * bar.MaxValue;
        }
        else if (_isPlain && response.State != _lastState)
        {
            _lastState = response.State;
            _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{text}, {response.Progress:P0}"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _done.TrySetResult();
        await _drawing;
        if (!_isPlain && _lastResponse is { } last)
        {
            _output.WriteLine($"{last.State}, {Counted.Of(last.Recovered, "tick")}");
        }
    }
}
