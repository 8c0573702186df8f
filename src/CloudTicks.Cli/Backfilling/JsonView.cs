namespace CloudTicks.Cli.Backfilling;

/// <summary>Prints the collector's last response unchanged.</summary>
internal sealed class JsonView(TextWriter output) : IBackfillView
{
    private BackfillResponse? _lastResponse;

    public void Show(BackfillResponse response) => _lastResponse = response;

    public ValueTask DisposeAsync()
    {
        if (_lastResponse is not null)
        {
            output.WriteLine(_lastResponse.Json);
        }

        return ValueTask.CompletedTask;
    }
}
