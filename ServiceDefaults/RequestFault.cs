using Microsoft.AspNetCore.Mvc;

namespace Microsoft.Extensions.Hosting;

/// <summary>An error in a request, listed in the <c>errors</c> member of a problem+json response.</summary>
/// <param name="Place">A JSON pointer (RFC 6901) into the body, empty for the whole body; or the name of a query parameter.</param>
/// <param name="Detail">What is wrong and what is valid, as a sentence.</param>
public sealed record RequestFault(string Place, string Detail)
{
    /// <summary>The problem response with its errors, as <c>[{"pointer":"/operational/symbols/3","detail":"..."}]</c>.</summary>
    public static ProblemDetails Of(int status, string title, IReadOnlyList<RequestFault> faults, string? detail = null) => new()
    {
        Status = status,
        Title = title,
        Detail = detail ?? Sentence(faults),
        Extensions = { ["errors"] = faults.Select(fault => fault.Json).ToArray() },
    };

    /// <summary>All errors on one line.</summary>
    public static string Sentence(IEnumerable<RequestFault> faults) => string.Join(' ', faults);

    /// <inheritdoc/>
    public override string ToString() => Place.Length == 0 ? Detail : $"{Place}: {Detail}";

    private Dictionary<string, string> Json =>
        new() { [Place.Length == 0 || Place[0] == '/' ? "pointer" : "parameter"] = Place, ["detail"] = Detail };
}
