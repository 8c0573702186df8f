namespace CloudTicks.Dashboard.Board;

/// <summary>The board at one time.</summary>
/// <param name="number">Counts pictures from 1.</param>
/// <param name="rows">The rows, of which the first are of this picture.</param>
internal sealed class BoardPicture(long number, BoardRow[] rows, int count)
{
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Number { get; } = number;

    public ReadOnlySpan<BoardRow> Rows => rows.AsSpan(0, count);

    /// <summary>Completes when there is a newer one.</summary>
    public Task Passed => _passed.Task;

    /// <summary>There is a newer one.</summary>
    public void Pass() => _passed.SetResult();
}
