namespace CloudTicks.Polygon.Rest;

/// <summary>Moves from page to page and detects cycles.</summary>
internal sealed class PageCursor(RestOrigin origin, string endpoint, Uri first)
{
    /// <summary>Maximum empty pages in a row, so that a faulty server cannot cause an endless loop.</summary>
    private const int MaxEmptyPages = 100;

    private readonly HashSet<string> _visited = [first.AbsoluteUri];
    private int _emptyPages;

    public Uri Address { get; private set; } = first;

    /// <summary>Moves to the next page; false after the last.</summary>
    /// <exception cref="PolygonRestException">
    /// The address of the next page is not allowed or part of a cycle, or too many pages in a row were empty.
    /// </exception>
    public bool MoveNext(string? nextUrl, bool isEmpty)
    {
        if (nextUrl is null)
        {
            return false;
        }

        if (!Uri.TryCreate(origin.Address, nextUrl, out var next) || !origin.CanSendTo(next))
        {
            throw Refuse(
                $"the next page is at {next?.GetLeftPart(UriPartial.Authority) ?? "an invalid address"}, which must not get the API key; "
                + "if it is your provider's host, add it to Polygon:PageHosts; if REST has moved there, set Polygon:RestEndpoint to it");
        }

        if (!_visited.Add(next.AbsoluteUri))
        {
            throw Refuse("its pages form a cycle: the next page has already been read");
        }

        _emptyPages = isEmpty ? _emptyPages + 1 : 0;
        if (_emptyPages >= MaxEmptyPages)
        {
            throw Refuse($"{MaxEmptyPages} pages in a row were empty, and each pointed to another");
        }

        Address = next;
        return true;
    }

    /// <summary>The error for rows that appear again under a different page address.</summary>
    public PolygonRestException RepeatedRows() =>
        Refuse("its pages form a cycle: the next page begins with the same rows as the previous one");

    private PolygonRestException Refuse(string sentence) =>
        new(RestFailure.BadResponse, $"Polygon's {endpoint} at {origin.Address.Authority} failed: {sentence}.");
}
