namespace CloudTicks.Polygon.Rest;

/// <summary>Goes from page to page, and sees when it goes in a circle.</summary>
internal sealed class PageCursor(RestOrigin origin, string endpoint, Uri first)
{
    /// <summary>A server that goes on sending pages without rows would keep us busy for ever.</summary>
    private const int MostEmptyPages = 100;

    private readonly HashSet<string> _visited = [first.AbsoluteUri];
    private int _emptyPages;

    public Uri Address { get; private set; } = first;

    /// <summary>Steps to the next page; false behind the last.</summary>
    /// <exception cref="PolygonRestException">It points to where we must not go.</exception>
    public bool MoveNext(string? nextUrl, bool isEmpty)
    {
        if (nextUrl is null)
        {
            return false;
        }

        if (!Uri.TryCreate(origin.Address, nextUrl, out var next) || !origin.MaySend(next))
        {
            throw Refuse(
                $"the next page is said to be at {next?.GetLeftPart(UriPartial.Authority) ?? "no address at all"}, which is not asked, "
                    + $"as the API key would go along; "
                + "if that is your provider's host, add it to Polygon:PageHosts; if REST has moved there, set Polygon:RestEndpoint to it");
        }

        if (!_visited.Add(next.AbsoluteUri))
        {
            throw Refuse("its pages go in a circle: the next page is one that was read already");
        }

        _emptyPages = isEmpty ? _emptyPages + 1 : 0;
        if (_emptyPages >= MostEmptyPages)
        {
            throw Refuse($"{MostEmptyPages} pages in a row were empty, and each pointed to another");
        }

        Address = next;
        return true;
    }

    /// <summary>Ends a journey whose rows come again under new addresses.</summary>
    public PolygonRestException RowsAgain() =>
        Refuse("its pages go in a circle: the rows of the next page begin again where those of the last did");

    private PolygonRestException Refuse(string sentence) =>
        new(RestFailure.BadAnswer, $"Polygon's {endpoint} at {origin.Address.Authority} cannot be had: {sentence}.");
}
