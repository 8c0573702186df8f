namespace CloudTicks.Polygon;

/// <summary>Describes a failed connection or request by its meaningful causes, in one line.</summary>
internal static class FailureText
{
    /// <returns>The outermost meaningful cause, with the next one in parentheses.</returns>
    public static string Of(Exception exception)
    {
        var causes = new List<string>();
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            // .NET writes "Please see the InnerException, if present, for more details" when only the inner exception has the cause.
            var isReference =
                cause.Message.Replace(" ", "", StringComparison.Ordinal).Contains("innerexception", StringComparison.OrdinalIgnoreCase);
            if (!isReference && !causes.Contains(cause.Message))
            {
                causes.Add(cause.Message);
            }
        }

        return causes switch
        {
            [] => $"the connection broke for an unknown reason ({exception.GetType().Name})",
            [var only] => only,
            [var first, var second, ..] => $"{first} ({second})",
        };
    }
}
