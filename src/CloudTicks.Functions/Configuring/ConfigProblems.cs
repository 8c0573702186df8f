using System.Globalization;
using CloudTicks.CentralHub.Documents;
using CloudTicks.Foundations;
using CloudTicks.Functions.Querying;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Configuring;

internal static class ConfigProblems
{
    public const string NotRegistered = "The registration is invalid, and nothing was changed.";

    public static IActionResult UnknownService(string sentence) =>
        Of(StatusCodes.Status404NotFound, "There is no such service.", sentence);

    public static IActionResult InvalidServiceName(string? service) => Faults(
        [new DocumentFault(
            "", $"{FaultText.Quote(service ?? "")} is not a valid service name: use 1 to 63 lower-case letters, digits, '-' and "
            + "'_', beginning with a letter, but not with 'cloudticks'.")],
        NotRegistered);

    public static IActionResult BuiltInService(string service) => Of(
        StatusCodes.Status409Conflict, "The service belongs to CloudTicks.",
        $"{service} is one of CloudTicks' own services, which cannot be registered or unregistered. Choose another name.");

    public static IActionResult TooManyServices(int max) => Of(
        StatusCodes.Status409Conflict, "There are too many services.",
        string.Create(CultureInfo.InvariantCulture, $"{max} services are registered, which is the maximum: unregister one first."));

    public static IActionResult UnknownVersion(string service, string? version) => Of(
        StatusCodes.Status404NotFound, "There is no such version.",
        $"{service} has no version '{version}'. Its history lists the versions; version 0 has the defaults.");

    public static IActionResult Tags(string header) => Of(
        StatusCodes.Status400BadRequest, $"{header} is wrong.",
        $"{header} must be the ETag of a response, including the quotes, such as \"12-9f86d081884c\", or *.");

    public static IActionResult MissingCondition(StoredDocument inForce) => WithVersion(
        Problem(
            StatusCodes.Status428PreconditionRequired, "If-Match is missing.",
            "PUT replaces the whole document: send If-Match with the ETag of the version that you read, so that no concurrent change is "
                + "lost, or If-Match: * to replace any version."),
        inForce);

    public static IActionResult Overtaken(StoredDocument inForce) => WithVersion(
        Problem(
            StatusCodes.Status412PreconditionFailed, "The document was changed meanwhile.",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Version {inForce.Number} of {inForce.Version.Service} is in force; nothing was changed. Read that version before you "
                    + $"change the document again.")),
        inForce);

    public static IActionResult TooLarge(int max) => Of(
        StatusCodes.Status413PayloadTooLarge, "The body is too large.",
        $"The maximum is {new ByteSize(max)}.");

    public static IActionResult Faults(
        IReadOnlyList<DocumentFault> faults, string title = "The document cannot be used, and nothing was changed.")
    {
        RequestFault[] all = [.. faults.Select(fault => new RequestFault(fault.Place, fault.Detail))];
        return JsonResponse.Problem(RequestFault.Of(StatusCodes.Status400BadRequest, title, all, RequestFault.Sentence(all.Take(5))));
    }

    public static IActionResult StepRefused(bool isMissing, string sentence) => isMissing
        ? Of(StatusCodes.Status404NotFound, "There is no such rollout.", sentence)
        : Of(StatusCodes.Status409Conflict, "The rollout does not allow this change.", sentence);

    public static IActionResult Unavailable() => RetryLater(
        "The database did not answer.",
        "The database is unavailable or not ready yet. Nothing was changed; the services keep their settings. Try again.");

    public static IActionResult CommitUnknown() => RetryLater(
        "It is not known whether the change was stored.",
        "The connection to the database broke during the commit. Read the document before you send the change again; with If-Match "
            + "the change cannot be applied twice.");

    public static IActionResult TooMany() => RetryLater("Too many requests are waiting for a change.", "Try again, or omit 'wait'.");

    private static ResultWithHeaders RetryLater(string title, string detail) =>
        new ResultWithHeaders(Of(StatusCodes.Status503ServiceUnavailable, title, detail), ("Retry-After", "1"));

    private static JsonResponse Of(int status, string title, string detail) => JsonResponse.Problem(Problem(status, title, detail));

    private static ProblemDetails Problem(int status, string title, string detail) =>
        new() { Status = status, Title = title, Detail = detail };

    private static IActionResult WithVersion(ProblemDetails problem, StoredDocument inForce)
    {
        problem.Extensions["version"] = inForce.Number;
        return DocumentResponses.WithVersion(JsonResponse.Problem(problem), inForce);
    }
}
