namespace CloudTicks.Lake.Importing;

/// <summary>A row is invalid; the message says why, and the caller adds file and line. Reading can continue with the next row.</summary>
internal sealed class ImportRowException(string problem) : Exception(problem);
