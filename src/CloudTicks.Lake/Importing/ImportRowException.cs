namespace CloudTicks.Lake.Importing;

/// <summary>A row is invalid; the message says why, and the caller adds file and line. The next row can be read.</summary>
internal sealed class ImportRowException(string problem) : Exception(problem);
