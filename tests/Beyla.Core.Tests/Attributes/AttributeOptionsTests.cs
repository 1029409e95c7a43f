namespace Beyla.Core.Tests.Attributes;

public sealed class AttributeOptionsTests
{
    [Theory]
    [InlineData("http.server.request.duration")]
    [InlineData("http_server_request_duration")]
    [InlineData("http_server_request_duration_seconds")]
    [InlineData("http_server_request_duration_seconds_bucket")]
    [InlineData("http_client_response_body_size_bytes_count")]
    [InlineData("http.client.*")]
    [InlineData("*")]
    [InlineData("traces")]
    [InlineData("resource")]
    public void Every_spelling_of_a_section_is_taken(string section) => Assert.Empty(Errors(new AttributeSelection { Section = section }));

    [Theory]
    [InlineData("sql.client.duration")]
    [InlineData("http_server")]
    [InlineData("beyla_network_*")]
    public void A_section_without_a_metric_is_an_error_that_names_those_that_exist(string section)
    {
        var error = Assert.Single(Errors(new AttributeSelection { Section = section }));
        Assert.StartsWith($"Attributes.Select[0].Section is '{section}': no metric is called so", error, StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", error, StringComparison.Ordinal);
        Assert.Contains("traces and resource", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http.server.request.duration", "url.query", "http.route, url.scheme, server.address, server.port, url.path, client.address")]
    [InlineData("http.client.request.duration", "client.address", "server.port, url.path")]
    [InlineData("traces", "db.query.text", "url.full, url.query")]
    public void An_unknown_attribute_is_an_error_that_names_the_metric_and_what_it_has(string section, string attribute, string some)
    {
        var error = Assert.Single(Errors(new AttributeSelection { Section = section, Include = { "http.route", attribute } }));
        Assert.StartsWith($"Attributes.Select[0].Include[1] is '{attribute}': '{section}' has no such attribute", error, StringComparison.Ordinal);
        Assert.Contains(some, error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_attribute_that_some_metric_of_a_glob_has_is_taken() =>
        Assert.Empty(Errors(new AttributeSelection { Section = "*", Include = { "client_address", "url.*", "k8s.*" }, Exclude = { "no.such" } }));

    [Fact]
    public void The_identity_of_a_service_stays_in_its_resource()
    {
        var error = Assert.Single(Errors(new AttributeSelection { Section = "resource", Include = { "deployment.*" }, Exclude = { "host.*", "service_name" } }));
        Assert.StartsWith("Attributes.Select[0].Exclude[1] is 'service_name': it tells services apart", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_globs_and_empty_names_are_told_one_by_one()
    {
        var errors = Errors(new AttributeSelection { Section = "[", Include = { "", "{a" }, Exclude = { " " } });
        Assert.Equal(4, errors.Count);
        Assert.StartsWith("Attributes.Select[0].Section is '['", errors[0], StringComparison.Ordinal);
        Assert.StartsWith("Attributes.Select[0].Include[0] is empty", errors[1], StringComparison.Ordinal);
        Assert.StartsWith("Attributes.Select[0].Include[1] is '{a'", errors[2], StringComparison.Ordinal);
        Assert.StartsWith("Attributes.Select[0].Exclude[0] is empty", errors[3], StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_names_a_known_attribute_and_has_a_condition()
    {
        var errors = Errors(
            new AttributeFilter { Attribute = "db.name", Match = "x" },
            new AttributeFilter { Attribute = "url_path" },
            new AttributeFilter { Attribute = "htp_route", Match = "x" });
        Assert.Equal(3, errors.Count);
        Assert.StartsWith("Filters[0].Attribute is 'db.name': no such attribute can be filtered by; there are service.name,", errors[0], StringComparison.Ordinal);
        Assert.StartsWith("Filters[1] has no condition on url_path", errors[1], StringComparison.Ordinal);
        Assert.Equal("Filters[2].Attribute is 'htp_route': no such attribute can be filtered by; did you mean http.route?", errors[2]);
    }

    [Fact]
    public void Only_numbers_are_compared_with_numbers()
    {
        var errors = Errors(
            new AttributeFilter { Attribute = "http.route", GreaterThan = 5 },
            new AttributeFilter { Attribute = "http_response_status_code", GreaterOrEqual = 500, Match = "5*" },
            new AttributeFilter { Attribute = "url.path", NotMatch = "[" });
        Assert.Equal(2, errors.Count);
        Assert.StartsWith("Filters[0] compares http.route with a number", errors[0], StringComparison.Ordinal);
        Assert.StartsWith("Filters[2].NotMatch is '['", errors[1], StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Errors(AttributeSelection selection)
    {
        var options = new BeylaOptions();
        options.Attributes.Select.Add(selection);
        return options.Validate();
    }

    private static IReadOnlyList<string> Errors(params AttributeFilter[] filters)
    {
        var options = new BeylaOptions();
        foreach (var filter in filters)
        {
            options.Filters.Add(filter);
        }

        return options.Validate();
    }
}
