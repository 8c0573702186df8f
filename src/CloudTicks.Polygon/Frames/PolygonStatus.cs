namespace CloudTicks.Polygon.Frames;

/// <summary>A status event.</summary>
/// <param name="Status">Its kind: <c>connected</c>, <c>auth_success</c>, <c>success</c>, ...</param>
/// <param name="Message">The message text; more than 64 KiB are cut after the last comma that fits.</param>
public readonly record struct PolygonStatus(string Status, string Message);
