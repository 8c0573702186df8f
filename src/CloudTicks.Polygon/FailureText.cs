namespace CloudTicks.Polygon;

/// <summary>The causes of a failed connection or request that say something, for one log line.</summary>
internal static class FailureText
{
    /// <returns>The outermost cause that says something, with the next one in brackets.</returns>
    public static string Of(Exception exception)
    {
        var causes = new List<string>();
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            // "Please see the InnerException, if present, for more details": .NET's words where the cause is one level below.
            var points =
                cause.Message.Replace(" ", "", StringComparison.Ordinal).Contains("innerexception", StringComparison.OrdinalIgnoreCase);
            if (!points && !causes.Contains(cause.Message))
            {
                causes.Add(cause.Message);
            }
        }

        return causes switch
        {
            [] => $"the connection broke without a reason ({exception.GetType().Name})",
            [var only] => only,
            [var first, var second, ..] => $"{first} ({second})",
        };
    }
}
