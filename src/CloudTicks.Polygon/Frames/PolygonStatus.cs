namespace CloudTicks.Polygon.Frames;

/// <summary>A status event.</summary>
/// <param name="Status">The kind of status: <c>connected</c>, <c>auth_success</c>, <c>success</c>, ...</param>
/// <param name="Message">The message text; a text above 64 KiB is cut before the last comma that fits.</param>
public readonly record struct PolygonStatus(string Status, string Message);
