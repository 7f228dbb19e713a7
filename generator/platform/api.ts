// Made from specs/composio/openapi.json by `npm run platform-types`.

export interface paths {
  readonly "/api/v3.1/files/upload/request": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Ask for an upload address
     * @description Hands out a presigned address to PUT a file to, and the key to pass to the tool.
     */
    readonly post: operations["requestFileUpload"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v3.1/toolkits": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * List toolkits
     * @description Lists toolkits page by page.
     */
    readonly get: operations["listToolkits"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v3.1/toolkits/changelog": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * List what changed
     * @description Lists the latest versions of each toolkit with what changed in them.
     */
    readonly get: operations["listToolkitChangelogs"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v3.1/toolkits/{slug}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Get a toolkit
     * @description Reads one toolkit with its versions and ways to authenticate.
     */
    readonly get: operations["getToolkit"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v3.1/tools": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * List tools
     * @description Lists tools page by page with their schemas. A list by toolkit alone can be cut down to its important tools by clients; this endpoint cuts only when asked to.
     */
    readonly get: operations["listTools"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v3.1/tools/enum": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * List tool slugs
     * @description Lists the slug of every tool of the latest versions. Some answers hold them as one text joined by commas instead of an array.
     */
    readonly get: operations["listToolSlugs"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v3.1/tools/execute/proxy": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Send a request through a connection
     * @description Sends a request of your own to an app, with the credentials of a connected account put on it. The app's status is part of the answer: a failure there is still a 200 here.
     */
    readonly post: operations["proxyRequest"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v3.1/tools/execute/{tool_slug}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Run a tool
     * @description Runs a tool with arguments, or with words to make the arguments from. A 200 answer means that the platform did its part; `successful` tells about the app.
     */
    readonly post: operations["executeTool"];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v3.1/tools/{tool_slug}": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Get a tool
     * @description Reads one tool with its schemas.
     */
    readonly get: operations["getTool"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly "/api/v3.1/triggers_types": {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * List trigger types
     * @description Lists trigger types page by page with their schemas.
     */
    readonly get: operations["listTriggerTypes"];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description A field to fill in. */
    readonly AuthField: {
      /** @description Value it starts with. */
      readonly default?: string | null;
      /** @description What to put in. */
      readonly description: string;
      /** @description Name to show. */
      readonly displayName: string;
      /** @description Key it had in older templates. */
      readonly legacy_template_name?: string;
      /** @description Key of the field. */
      readonly name: string;
      /** @description Whether it must be filled. */
      readonly required: boolean;
      /** @description Type of the value. */
      readonly type: string;
    };
    /**
     * @description How a connection authenticates.
     * @enum {string}
     */
    readonly AuthScheme:
      | "OAUTH2"
      | "DCR_OAUTH"
      | "API_KEY"
      | "BASIC_WITH_JWT"
      | "BASIC"
      | "BEARER_TOKEN"
      | "OAUTH1"
      | "NO_AUTH"
      | "SERVICE_ACCOUNT"
      | "GOOGLE_SERVICE_ACCOUNT"
      | "S2S_OAUTH2";
    /** @description Host details and credentials. Which ones count depends on the toolkit and the scheme; further keys are allowed. */
    readonly ConnectionValues: {
      /** @description Company domain. */
      readonly COMPANYDOMAIN?: string;
      /** @description OAuth 2 access token. */
      readonly access_token: string;
      /** @description Account id in the app. */
      readonly account_id?: string;
      /** @description Address of the account. */
      readonly account_url?: string;
      /** @description API key. */
      readonly api_key?: string;
      /** @description Address of the API. */
      readonly api_url?: string;
      /** @description Application id. */
      readonly application_id?: string;
      /** @description User token that Slack gives beside the bot's. */
      readonly authed_user?: {
        /** @description Token of the user. */
        readonly access_token?: string;
        /** @description Scopes of that token. */
        readonly scope?: string;
      };
      /** @description Address that requests are made relative to. */
      readonly base_url?: string;
      /** @description User name and password, joined by a colon and in Base64. */
      readonly basic_encoded?: string;
      /** @description Bearer token. */
      readonly bearer_token?: string;
      /** @description Address of the Borneo dashboard. */
      readonly borneo_dashboard_url?: string;
      /** @description Where the app sends the user back to. */
      readonly callback_url?: string;
      /** @description Client id from dynamic registration. */
      readonly client_id?: string;
      /** @description When the client id was issued, in Unix seconds. */
      readonly client_id_issued_at?: number;
      /** @description Client secret from dynamic registration. */
      readonly client_secret?: string;
      /** @description When the client secret ends, in Unix seconds. */
      readonly client_secret_expires_at?: number;
      /** @description OAuth 1 consumer key. */
      readonly consumer_key?: string;
      /** @description Service account file, as JSON text. */
      readonly credentials_json?: string;
      /** @description Data centre. */
      readonly dc?: string;
      /** @description Domain of the account. */
      readonly domain?: string;
      /** @description When the credentials end. */
      readonly expires_at?: string;
      /** @description Seconds the access token is good for. */
      readonly expires_in?: number | string | (Record<string, never> | null);
      /** @description Ending of the host name. */
      readonly extension?: string;
      /** @description Base address of the forms API. */
      readonly form_api_base_url?: string;
      /** @description API key, for apps with just one. */
      readonly generic_api_key?: string;
      /** @description OpenID Connect token. */
      readonly id_token?: string;
      /** @description Installation id. */
      readonly installation_id?: string;
      /** @description Endpoint of the instance. */
      readonly instanceEndpoint?: string;
      /** @description Instance name. */
      readonly instanceName?: string;
      /** @description Leave the sign-in address unshortened. */
      readonly long_redirect_url?: boolean;
      /** @description OAuth 1 token. */
      readonly oauth_token?: string;
      /** @description OAuth 1 token secret. */
      readonly oauth_token_secret?: string;
      /** @description OAuth 1 verifier. */
      readonly oauth_verifier?: string;
      /** @description Password. */
      readonly password?: string;
      /** @description Private key. */
      readonly private_key?: string;
      /** @description Password for the proxy. */
      readonly proxy_password?: string;
      /** @description User name for the proxy. */
      readonly proxy_username?: string;
      /** @description Where the user is sent to sign in. */
      readonly redirectUrl?: string;
      /** @description OAuth 2 refresh token. */
      readonly refresh_token?: string | null;
      /** @description Region the account lives in. */
      readonly region?: string;
      /** @description Scopes that were granted. */
      readonly scope?: string | readonly string[] | (Record<string, never> | null);
      /** @description Server location. */
      readonly server_location?: string;
      /** @description Shop name. */
      readonly shop?: string;
      /** @description Site name. */
      readonly site_name?: string;
      /** @description Text put in front of the OAuth state. */
      readonly state_prefix?: string;
      /** @description Subdomain of the account. */
      readonly subdomain?: string;
      /** @description Token. */
      readonly token?: string;
      /** @description Kind of token, such as `bearer`. */
      readonly token_type?: string;
      /** @description User name. */
      readonly username?: string;
      /** @description Version of the app's API. */
      readonly version?: string;
      /** @description Secret that signs webhooks. */
      readonly webhook_signature?: string;
      /** @description Domain of the account. */
      readonly "your-domain"?: string;
      /** @description Server name. */
      readonly your_server?: string;
    } & {
      readonly [key: string]: unknown;
    };
    /** @description Credentials brought along for this call. */
    readonly CustomAuthParams: {
      /** @description Address that requests are made relative to. */
      readonly base_url?: string;
      /** @description Body to authenticate with; few apps need one. */
      readonly body?: {
        readonly [key: string]: unknown;
      };
      /** @description Headers and query parameters to authenticate with. */
      readonly parameters?: readonly {
        /**
         * @description Where it goes.
         * @enum {string}
         */
        readonly in: "query" | "header";
        /** @description Name of the header or query parameter. */
        readonly name: string;
        /** @description Its value. */
        readonly value: string | number;
      }[];
    };
    /** @description A whole connection brought along for this call. Beats `custom_auth_params`. */
    readonly CustomConnectionData: {
      readonly authScheme: components["schemas"]["AuthScheme"];
      /** @description Toolkit the credentials are for. */
      readonly toolkitSlug: string;
      readonly val: components["schemas"]["ConnectionValues"];
    } & {
      readonly [key: string]: unknown;
    };
    /** @description Body of every failed request. */
    readonly Error: {
      readonly error: {
        /** @description Number of the error in the platform's own list. */
        readonly code: number;
        /** @description Single findings, such as one per bad field. */
        readonly errors?: readonly string[];
        /** @description What went wrong, in a sentence. */
        readonly message: string;
        /** @description Id of the request; quote it to support. */
        readonly request_id?: string;
        /** @description Name of the error in the platform's own list. */
        readonly slug: string;
        /** @description HTTP status. */
        readonly status: number;
        /** @description What to try. */
        readonly suggested_fix?: string;
      };
    };
    readonly FileUploadRequest: {
      /** @description File name, extension included. */
      readonly filename: string;
      /** @description MD5 of the content, in hexadecimal. */
      readonly md5: string;
      /** @description Media type. */
      readonly mimetype: string;
      /** @description Tool that will use the file. */
      readonly tool_slug: string;
      /** @description Toolkit of the tool that will use the file. */
      readonly toolkit_slug: string;
    };
    readonly FileUploadResponse: {
      /** @description Id of the file. */
      readonly id: string;
      /** @description Storage key to pass to the tool as `s3key`. */
      readonly key: string;
      /** @description About the storage. */
      readonly metadata: {
        /**
         * @description Kind of storage; Azure wants the header `x-ms-blob-type: BlockBlob` on the PUT.
         * @enum {string}
         */
        readonly storage_backend: "s3" | "azure_blob_storage";
      };
      /**
       * @deprecated
       * @description Older name of `new_presigned_url`.
       */
      readonly newPresignedUrl: string;
      /** @description Address to PUT the content to. */
      readonly new_presigned_url: string;
      /**
       * @deprecated
       * @description Always `new`.
       * @enum {string}
       */
      readonly type: "new";
    };
    readonly ProxyRequest: {
      /** @description Body of raw bytes, by address or in Base64. */
      readonly binary_body?:
        | {
            /** @description Media type to send them as. */
            readonly content_type?: string;
            /**
             * Format: uri
             * @description Where the platform fetches the bytes from.
             */
            readonly url: string;
          }
        | {
            /** @description The bytes in Base64. */
            readonly base64: string;
            /** @description Media type to send them as. */
            readonly content_type?: string;
          };
      /** @description JSON body. */
      readonly body?: Record<string, never> | null;
      /**
       * Format: connectedAccountId
       * @description Account whose credentials are put on the request; the project's default one when left out.
       */
      readonly connected_account_id?: string;
      /** @deprecated */
      readonly custom_connection_data?: components["schemas"]["CustomConnectionData"];
      /** @description Address to call: whole, or relative to the account's base address. */
      readonly endpoint: string;
      /**
       * @description HTTP method.
       * @enum {string}
       */
      readonly method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD";
      /** @description Headers and query parameters to add. */
      readonly parameters?: readonly {
        /** @description Name of the header or query parameter. */
        readonly name: string;
        /**
         * @description Where it goes.
         * @enum {string}
         */
        readonly type: "header" | "query";
        /** @description Its value. */
        readonly value: string;
      }[];
    };
    readonly ProxyResponse: {
      /** @description Set when the app answered with raw bytes. */
      readonly binary_data?: {
        /** @description Their media type. */
        readonly content_type: string;
        /** @description When the address ends. */
        readonly expires_at?: string;
        /** @description How many there are. */
        readonly size: number;
        /** @description Where the bytes can be fetched. */
        readonly url: string;
      };
      /** @description Parsed body of the app's answer. */
      readonly data?: Record<string, never> | null;
      /** @description Headers of the app's answer. */
      readonly headers?: {
        readonly [key: string]: string;
      };
      /** @description HTTP status of the app's answer, failures included. */
      readonly status: number;
    };
    readonly Tool: {
      /** @description Versions that have it. */
      readonly available_versions: readonly string[];
      /** @description Older names of fields above. */
      readonly deprecated: {
        /** @description Versions that have it. */
        readonly available_versions: readonly string[];
        /** @description Name to show. */
        readonly displayName: string;
        /** @description Whether it is going away. */
        readonly is_deprecated: boolean;
        /** @description Toolkit it belongs to. */
        readonly toolkit: {
          /** @description Address of the toolkit's logo. */
          readonly logo: string;
        };
        /** @description Version this answer describes. */
        readonly version: string;
      };
      /** @description What it does. */
      readonly description: string;
      /** @description What it does, in words for people rather than models. */
      readonly human_description?: string;
      /** @description JSON Schema of the arguments. */
      readonly input_parameters: {
        readonly [key: string]: unknown;
      };
      /** @description Whether it is going away. */
      readonly is_deprecated: boolean;
      /** @description Name to show. */
      readonly name: string;
      /** @description Whether it runs without a connection. */
      readonly no_auth: boolean;
      /** @description JSON Schema of the answer, envelope included. */
      readonly output_parameters: {
        readonly [key: string]: unknown;
      };
      /** @description Which scopes it takes; null when only the flat list is known. */
      readonly scope_requirements: {
        /** @description Every entry has to be granted. */
        readonly all_of: readonly (
          | string
          | {
              /** @description One of these is enough. */
              readonly any_of: readonly string[];
            }
        )[];
      } | null;
      /** @description OAuth scopes that have to do with it. */
      readonly scopes: readonly string[];
      /**
       * @description Permanent name of the tool.
       * @example GITHUB_CREATE_AN_ISSUE
       */
      readonly slug: string;
      /** @description Categories and hints, such as `readOnlyHint` or `important`. */
      readonly tags: readonly string[];
      /** @description Toolkit it belongs to. */
      readonly toolkit: {
        /** @description Address of the toolkit's logo. */
        readonly logo: string;
        /** @description Toolkit name. */
        readonly name: string;
        /** @description Toolkit slug. */
        readonly slug: string;
      };
      /** @description Version this answer describes. */
      readonly version: string;
    };
    readonly ToolExecuteRequest: {
      /**
       * @deprecated
       * @description Record a trace of the run.
       */
      readonly allow_tracing?: boolean | null;
      /** @description Arguments that fit the tool's input schema. Not together with `text`. */
      readonly arguments?: {
        readonly [key: string]: unknown;
      };
      /** @description Account to run it with; beats `user_id`. */
      readonly connected_account_id?: string;
      readonly custom_auth_params?: components["schemas"]["CustomAuthParams"];
      readonly custom_connection_data?: components["schemas"]["CustomConnectionData"];
      /**
       * @deprecated
       * @description Older name of `user_id`.
       */
      readonly entity_id?: string;
      /** @description What to do, in words, from which the platform makes the arguments. Not together with `arguments`. */
      readonly text?: string;
      /** @description Your id of the user whose active connection to use. */
      readonly user_id?: string;
      /** @description Toolkit version to run, such as `20251027_00`. Without it the platform takes `00000000_00`. */
      readonly version?: string;
    };
    readonly ToolExecuteResponse: {
      /** @description What the tool returned; its output schema says more. */
      readonly data: {
        readonly [key: string]: unknown;
      };
      /** @description Why the tool failed; null when it did not. */
      readonly error: string | null;
      /** @description Id of the log entry. */
      readonly log_id?: string;
      /** @description Session that some tools return. */
      readonly session_info?: Record<string, never> | null;
      /** @description Whether the app carried the call out. A 200 answer can hold false. */
      readonly successful: boolean;
    };
    readonly ToolPage: {
      /** @description Number of this page. */
      readonly current_page: number;
      /** @description Tools on this page. */
      readonly items: readonly components["schemas"]["Tool"][];
      /** @description Pass it as `cursor` to get the next page; null or missing on the last one. */
      readonly next_cursor?: string | null;
      /** @description Entries in all. */
      readonly total_items: number;
      /** @description Pages in all. */
      readonly total_pages: number;
    };
    readonly Toolkit: {
      /** @description Each way to authenticate in detail. */
      readonly auth_config_details?: readonly {
        /** @description Where to find the credentials. */
        readonly auth_hint_url?: string | null;
        /**
         * @deprecated
         * @description OAuth addresses; not to be relied on.
         */
        readonly deprecated_auth_provider_details?: {
          /** @description Where users sign in. */
          readonly authorization_url?: string;
          /** @description Where tokens are issued. */
          readonly token_url?: string;
        };
        /** @description What has to be filled in, and when. */
        readonly fields: {
          /** @description Fields of an auth configuration. */
          readonly auth_config_creation: {
            /** @description Fields that may be filled. */
            readonly optional: readonly components["schemas"]["AuthField"][];
            /** @description Fields that must be filled. */
            readonly required: readonly components["schemas"]["AuthField"][];
          };
          /** @description Fields of a connection. */
          readonly connected_account_initiation: {
            /** @description Fields that may be filled. */
            readonly optional: readonly components["schemas"]["AuthField"][];
            /** @description Fields that must be filled. */
            readonly required: readonly components["schemas"]["AuthField"][];
          };
        };
        /** @description Scheme. */
        readonly mode: string;
        /** @description Name of the scheme to show. */
        readonly name: string;
        /** @description Where requests go. */
        readonly proxy?: {
          /** @description Address that requests are made relative to. */
          readonly base_url: string;
        };
      }[];
      /** @description Guide to setting up authentication. */
      readonly auth_guide_url?: string | null;
      /** @description Address of the app's API, where it is the same for everyone. */
      readonly base_url?: string;
      /** @description Ways to authenticate for which the platform has an app of its own. */
      readonly composio_managed_auth_schemes?: readonly string[];
      /** @description Older names of fields above. */
      readonly deprecated: {
        /** @description Older name of `get_current_user_endpoint`. */
        readonly getCurrentUserEndpoint?: string;
        /** @description Older proxy settings. */
        readonly rawProxyInfoByAuthSchemes: readonly {
          readonly [key: string]: unknown;
        }[];
        /** @description Older id. */
        readonly toolkitId: string;
      };
      /** @description Whether the project may use it. */
      readonly enabled: boolean;
      /** @description Path that tells who is connected. */
      readonly get_current_user_endpoint?: string;
      /** @description Method for that path. */
      readonly get_current_user_endpoint_method?: string;
      /**
       * @deprecated
       * @description Always false by now.
       */
      readonly is_local_toolkit: boolean;
      /** @description About the toolkit. */
      readonly meta: {
        /** @description Website of the app. */
        readonly app_url?: string | null;
        /** @description Versions it has. */
        readonly available_versions: readonly string[];
        /** @description Categories it is filed under. */
        readonly categories: readonly {
          /** @description Category name. */
          readonly name: string;
          /** @description Category slug. */
          readonly slug: string;
        }[];
        /** @description When the toolkit was added. */
        readonly created_at: string;
        /** @description What the app is. */
        readonly description: string;
        /** @description Address of the logo. */
        readonly logo: string;
        /** @description Tools it has. */
        readonly tools_count: number;
        /** @description Trigger types it has. */
        readonly triggers_count: number;
        /** @description When it last changed. */
        readonly updated_at: string;
        /** @description Version this answer describes. */
        readonly version: string;
      };
      /** @description Name to show. */
      readonly name: string;
      /** @description Permanent name of the toolkit. */
      readonly slug: string;
    };
    readonly ToolkitChangelog: {
      /** @description One entry per toolkit. */
      readonly items: readonly {
        /** @description Name to show. */
        readonly display_name: string;
        /** @description Toolkit name. */
        readonly name: string;
        /** @description Toolkit slug. */
        readonly slug: string;
        /** @description Its latest versions. */
        readonly versions: readonly {
          /** @description What changed, in Markdown. */
          readonly changelog: string;
          /** @description Version. */
          readonly version: string;
        }[];
      }[];
    };
    readonly ToolkitListItem: {
      /** @description Guide to setting up authentication. */
      readonly auth_guide_url?: string | null;
      /** @description Ways to authenticate. */
      readonly auth_schemes?: readonly string[];
      /** @description Ways for which the platform has an app of its own. */
      readonly composio_managed_auth_schemes?: readonly string[];
      /**
       * @deprecated
       * @description Older id of the toolkit.
       */
      readonly deprecated: {
        /** @description Older id. */
        readonly toolkitId: string;
      };
      /**
       * @deprecated
       * @description Always false by now.
       */
      readonly is_local_toolkit: boolean;
      /** @description About the toolkit. */
      readonly meta: {
        /** @description Website of the app. */
        readonly app_url?: string | null;
        /** @description Categories it is filed under. */
        readonly categories: readonly {
          /** @description Category id. */
          readonly id: string;
          /** @description Category name. */
          readonly name: string;
        }[];
        /** @description When the toolkit was added. */
        readonly created_at: string;
        /** @description What the app is. */
        readonly description: string;
        /** @description Address of the logo. */
        readonly logo: string;
        /** @description Tools it has. */
        readonly tools_count: number;
        /** @description Trigger types it has. */
        readonly triggers_count: number;
        /** @description When it last changed. */
        readonly updated_at: string;
        /** @description Version this answer describes. */
        readonly version: string;
      };
      /** @description Name to show. */
      readonly name: string;
      /** @description Whether it works without a connection. */
      readonly no_auth?: boolean;
      /** @description Permanent name of the toolkit. */
      readonly slug: string;
    };
    readonly ToolkitPage: {
      /** @description Number of this page. */
      readonly current_page: number;
      /** @description Toolkits on this page. */
      readonly items: readonly components["schemas"]["ToolkitListItem"][];
      /** @description Pass it as `cursor` to get the next page; null or missing on the last one. */
      readonly next_cursor?: string | null;
      /** @description Entries in all. */
      readonly total_items: number;
      /** @description Pages in all. */
      readonly total_pages: number;
    };
    readonly TriggerType: {
      /** @description JSON Schema of its settings. */
      readonly config: {
        readonly [key: string]: unknown;
      };
      /** @description When it fires. */
      readonly description: string;
      /** @description What to set up first, in Markdown. */
      readonly instructions: string;
      /** @description Name to show. */
      readonly name: string;
      /** @description JSON Schema of what it delivers. */
      readonly payload: {
        readonly [key: string]: unknown;
      };
      /** @description Permanent name of the trigger type. */
      readonly slug: string;
      /** @description Toolkit it belongs to. */
      readonly toolkit: {
        /** @description Address of the toolkit's logo. */
        readonly logo: string;
        /** @description Toolkit name. */
        readonly name: string;
        /** @description Toolkit slug. */
        readonly slug: string;
      };
      /**
       * @description Whether the app calls or is asked.
       * @enum {string}
       */
      readonly type: "webhook" | "poll";
      /** @description Version this answer describes. */
      readonly version: string;
    };
    readonly TriggerTypePage: {
      /** @description Number of this page. */
      readonly current_page: number;
      /** @description Trigger types on this page. */
      readonly items: readonly components["schemas"]["TriggerType"][];
      /** @description Pass it as `cursor` to get the next page; null or missing on the last one. */
      readonly next_cursor?: string | null;
      /** @description Entries in all. */
      readonly total_items: number;
      /** @description Pages in all. */
      readonly total_pages: number;
    };
  };
  responses: {
    /** @description The app behind the tool answered with something unusable. */
    readonly BadGateway: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": components["schemas"]["Error"];
      };
    };
    /** @description The request is malformed, lacks something or contradicts itself. */
    readonly BadRequest: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": components["schemas"]["Error"];
      };
    };
    /** @description The key or the connected account may not do this. */
    readonly Forbidden: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": components["schemas"]["Error"];
      };
    };
    /** @description The app behind the tool did not answer in time. */
    readonly GatewayTimeout: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": components["schemas"]["Error"];
      };
    };
    /** @description What was asked for has been retired. */
    readonly Gone: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": components["schemas"]["Error"];
      };
    };
    /** @description The tool, toolkit or connected account does not exist. */
    readonly NotFound: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": components["schemas"]["Error"];
      };
    };
    /** @description The platform cannot do this. */
    readonly NotImplemented: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": components["schemas"]["Error"];
      };
    };
    /** @description Too many requests, to the platform or to the app behind it. */
    readonly RateLimited: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": components["schemas"]["Error"];
      };
    };
    /** @description The platform failed. */
    readonly ServerError: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": components["schemas"]["Error"];
      };
    };
    /** @description The tool took too long. */
    readonly Timeout: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": components["schemas"]["Error"];
      };
    };
    /** @description The request or the answer is too large. */
    readonly TooLarge: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": components["schemas"]["Error"];
      };
    };
    /** @description The key is missing or wrong. */
    readonly Unauthorized: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": components["schemas"]["Error"];
      };
    };
    /** @description The app behind the tool is down. */
    readonly Unavailable: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": components["schemas"]["Error"];
      };
    };
    /** @description The connected account is in no state to be used. */
    readonly Unprocessable: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly "application/json": components["schemas"]["Error"];
      };
    };
  };
  parameters: {
    /** @description Where the page starts: `next_cursor` of the one before. Leave it out for the first. */
    readonly Cursor: string;
    /** @description Entries on a page, at most 1,000. */
    readonly Limit: number | null;
    /** @description Versions to describe: `latest` for all, or one per toolkit as `toolkit_versions[github]=20251027_00`. */
    readonly ToolkitVersions:
      | null
      | string
      | {
          readonly [key: string]: string;
        };
  };
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  readonly requestFileUpload: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly "application/json": components["schemas"]["FileUploadRequest"];
      };
    };
    readonly responses: {
      /** @description Where to put the file. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": components["schemas"]["FileUploadResponse"];
        };
      };
      readonly 400: components["responses"]["BadRequest"];
      readonly 401: components["responses"]["Unauthorized"];
      readonly 403: components["responses"]["Forbidden"];
      readonly 404: components["responses"]["NotFound"];
      readonly 410: components["responses"]["Gone"];
      readonly 429: components["responses"]["RateLimited"];
      readonly 500: components["responses"]["ServerError"];
      readonly 501: components["responses"]["NotImplemented"];
    };
  };
  readonly listToolkits: {
    readonly parameters: {
      readonly query?: {
        /** @description Only toolkits of this category, by id or name. */
        readonly category?: string;
        /** @description Only toolkits that this side looks after. */
        readonly managed_by?: "composio" | "all" | "project";
        /** @description What to sort by. */
        readonly sort_by?: "usage" | "alphabetically";
        /** @description Whether toolkits that are going away are listed too. */
        readonly include_deprecated?: boolean | null;
        /** @description Words to look for in name, slug and description; three characters at least. */
        readonly search?: string;
        /** @description Entries on a page, at most 1,000. */
        readonly limit?: components["parameters"]["Limit"];
        /** @description Where the page starts: `next_cursor` of the one before. Leave it out for the first. */
        readonly cursor?: components["parameters"]["Cursor"];
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description A page of toolkits. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": components["schemas"]["ToolkitPage"];
        };
      };
      readonly 400: components["responses"]["BadRequest"];
      readonly 401: components["responses"]["Unauthorized"];
      readonly 404: components["responses"]["NotFound"];
      readonly 500: components["responses"]["ServerError"];
    };
  };
  readonly listToolkitChangelogs: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Changes by toolkit. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": components["schemas"]["ToolkitChangelog"];
        };
      };
      readonly 400: components["responses"]["BadRequest"];
      readonly 401: components["responses"]["Unauthorized"];
      readonly 404: components["responses"]["NotFound"];
      readonly 500: components["responses"]["ServerError"];
    };
  };
  readonly getToolkit: {
    readonly parameters: {
      readonly query?: {
        /** @description Version to read. */
        readonly version?: string;
      };
      readonly header?: never;
      readonly path: {
        /** @description Toolkit to read. */
        readonly slug: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description The toolkit. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": components["schemas"]["Toolkit"];
        };
      };
      readonly 400: components["responses"]["BadRequest"];
      readonly 401: components["responses"]["Unauthorized"];
      readonly 404: components["responses"]["NotFound"];
      readonly 500: components["responses"]["ServerError"];
    };
  };
  readonly listTools: {
    readonly parameters: {
      readonly query?: {
        /** @description Only tools of this toolkit. */
        readonly toolkit_slug?: string;
        /** @description Only these tools, joined by commas. Beats every other filter. */
        readonly tool_slugs?: string;
        /** @description Only tools that these auth configurations allow, joined by commas. */
        readonly auth_config_ids?: string | readonly string[];
        /** @description Only tools tagged `important`. */
        readonly important?: "true" | "false";
        /** @description Only tools with one of these tags; repeat the parameter for several. */
        readonly tags?: readonly string[];
        /** @description Only tools for these OAuth scopes; repeat the parameter for several. */
        readonly scopes?: readonly string[] | null;
        /** @description Words to look for in name, slug and description. */
        readonly query?: string;
        /**
         * @deprecated
         * @description Older name of `query`.
         */
        readonly search?: string;
        /** @description Whether tools that are going away are listed too. */
        readonly include_deprecated?: boolean;
        /** @description Versions to describe: `latest` for all, or one per toolkit as `toolkit_versions[github]=20251027_00`. */
        readonly toolkit_versions?: components["parameters"]["ToolkitVersions"];
        /** @description Entries on a page, at most 1,000. */
        readonly limit?: components["parameters"]["Limit"];
        /** @description Where the page starts: `next_cursor` of the one before. Leave it out for the first. */
        readonly cursor?: components["parameters"]["Cursor"];
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description A page of tools. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": components["schemas"]["ToolPage"];
        };
      };
      readonly 400: components["responses"]["BadRequest"];
      readonly 401: components["responses"]["Unauthorized"];
      readonly 403: components["responses"]["Forbidden"];
      readonly 404: components["responses"]["NotFound"];
      readonly 429: components["responses"]["RateLimited"];
      readonly 500: components["responses"]["ServerError"];
    };
  };
  readonly listToolSlugs: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description All slugs. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": readonly string[];
        };
      };
      readonly 400: components["responses"]["BadRequest"];
      readonly 401: components["responses"]["Unauthorized"];
      readonly 403: components["responses"]["Forbidden"];
      readonly 404: components["responses"]["NotFound"];
      readonly 500: components["responses"]["ServerError"];
    };
  };
  readonly proxyRequest: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly "application/json": components["schemas"]["ProxyRequest"];
      };
    };
    readonly responses: {
      /** @description The app's answer. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": components["schemas"]["ProxyResponse"];
        };
      };
      readonly 400: components["responses"]["BadRequest"];
      readonly 401: components["responses"]["Unauthorized"];
      readonly 403: components["responses"]["Forbidden"];
      readonly 404: components["responses"]["NotFound"];
      readonly 422: components["responses"]["Unprocessable"];
      readonly 429: components["responses"]["RateLimited"];
      readonly 500: components["responses"]["ServerError"];
      readonly 501: components["responses"]["NotImplemented"];
      readonly 502: components["responses"]["BadGateway"];
      readonly 504: components["responses"]["GatewayTimeout"];
    };
  };
  readonly executeTool: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description JSON object of headers to pass on to the model provider, for calls with `text`. */
        readonly "x-llm-gateway-headers"?: string;
      };
      readonly path: {
        /** @description Tool to run. */
        readonly tool_slug: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly "application/json": components["schemas"]["ToolExecuteRequest"];
      };
    };
    readonly responses: {
      /** @description The tool ran. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": components["schemas"]["ToolExecuteResponse"];
        };
      };
      readonly 400: components["responses"]["BadRequest"];
      readonly 401: components["responses"]["Unauthorized"];
      readonly 403: components["responses"]["Forbidden"];
      readonly 404: components["responses"]["NotFound"];
      readonly 408: components["responses"]["Timeout"];
      readonly 410: components["responses"]["Gone"];
      readonly 413: components["responses"]["TooLarge"];
      readonly 422: components["responses"]["Unprocessable"];
      readonly 429: components["responses"]["RateLimited"];
      readonly 500: components["responses"]["ServerError"];
      readonly 501: components["responses"]["NotImplemented"];
      readonly 502: components["responses"]["BadGateway"];
      readonly 503: components["responses"]["Unavailable"];
    };
  };
  readonly getTool: {
    readonly parameters: {
      readonly query?: {
        /** @description Toolkit version to read it from. */
        readonly version?: string;
        /** @description Versions to describe: `latest` for all, or one per toolkit as `toolkit_versions[github]=20251027_00`. */
        readonly toolkit_versions?: components["parameters"]["ToolkitVersions"];
      };
      readonly header?: never;
      readonly path: {
        /** @description Tool to read. */
        readonly tool_slug: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description The tool. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": components["schemas"]["Tool"];
        };
      };
      readonly 400: components["responses"]["BadRequest"];
      readonly 401: components["responses"]["Unauthorized"];
      readonly 404: components["responses"]["NotFound"];
      readonly 500: components["responses"]["ServerError"];
    };
  };
  readonly listTriggerTypes: {
    readonly parameters: {
      readonly query?: {
        /** @description Only trigger types of these toolkits. */
        readonly toolkit_slugs?: readonly string[] | null;
        /** @description Versions to describe: `latest` for all, or one per toolkit as `toolkit_versions[github]=20251027_00`. */
        readonly toolkit_versions?: components["parameters"]["ToolkitVersions"];
        /** @description Entries on a page, at most 1,000. */
        readonly limit?: components["parameters"]["Limit"];
        /** @description Where the page starts: `next_cursor` of the one before. Leave it out for the first. */
        readonly cursor?: components["parameters"]["Cursor"];
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description A page of trigger types. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly "application/json": components["schemas"]["TriggerTypePage"];
        };
      };
      readonly 400: components["responses"]["BadRequest"];
      readonly 401: components["responses"]["Unauthorized"];
      readonly 404: components["responses"]["NotFound"];
      readonly 500: components["responses"]["ServerError"];
    };
  };
}
