namespace CloudTicks.Cli.Backfilling;

/// <summary>Prints the collector's last response unchanged.</summary>
internal sealed class JsonView(TextWriter output) : IBackfillView
{
    private BackfillResponse? _last;

    public void Show(BackfillResponse response) => _last = response;

    public ValueTask DisposeAsync()
    {
        if (_last is not null)
        {
            output.WriteLine(_last.Json);
        }

        return ValueTask.CompletedTask;
    }
}
