namespace CloudTicks.Polygon.Frames;

/// <summary>A status event.</summary>
/// <param name="Status">Its kind: <c>connected</c>, <c>auth_success</c>, <c>success</c>, ...</param>
/// <param name="Message">What it says, in prose; more than 64 KiB are cut behind the last comma.</param>
public readonly record struct PolygonStatus(string Status, string Message);
