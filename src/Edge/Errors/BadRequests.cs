namespace Granary.Edge.Errors;

/// <summary>What the server found wrong with a request while it was read, among our errors.</summary>
public static class BadRequests
{
    public static ForwardError Of(BadHttpRequestException exception) => exception.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout => ForwardError.RequestTimedOut,
        StatusCodes.Status413PayloadTooLarge => ForwardError.ContentTooLarge,
        StatusCodes.Status414UriTooLong or StatusCodes.Status431RequestHeaderFieldsTooLarge => ForwardError.HeadTooLarge,
        // Kestrel's own sentence may quote the client.
        _ => new ForwardError.BadRequest("The request could not be read."),
    };
}
